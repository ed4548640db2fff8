import { existsSync, readdirSync, readFileSync } from 'node:fs';

// Adds up what Jest wrote for each project, and the minute of chaos and each soak as one more test.
// A project without results, a spec that could not be run at all, and a report that is not there count
// as a failed test each: silence is not success.
let passed = 0;
let failed = 0;
for (const project of projects()) {
  const file = `${project}/test-results.json`;
  if (!existsSync(file)) {
    process.stdout.write(`${project}: no test results\n`);
    failed += 1;
    continue;
  }
  const results = JSON.parse(readFileSync(file, 'utf8'));
  passed += results.numPassedTests;
  failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
}
for (const file of ['chaos-report.json', 'soak-stock-report.json', 'soak-orders-report.json']) {
  if (isOk(file)) passed += 1;
  else failed += 1;
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function projects() {
  return ['apps', 'libs', 'tools'].flatMap((room) =>
    readdirSync(room)
      .map((name) => `${room}/${name}`)
      .filter((folder) => existsSync(`${folder}/package.json`)),
  );
}

function isOk(file) {
  const report = readFileSync(file, 'utf8');
  process.stdout.write(`${file}: ${report}\n`);
  try {
    return JSON.parse(report).ok === true;
  } catch {
    return false;
  }
}
