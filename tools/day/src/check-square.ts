import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { runDay } from './run/run-day.js';
import { strictSpec } from './square-check/strict-spec.js';
import { ValidatingProxy } from './square-check/validating-proxy.js';

const { spec, orders } = new Command('check-square')
  .description('plays a day whose Square traffic passes a proxy that validates it')
  .requiredOption('--spec <file>', "Square's OpenAPI document, version 2025-08-20")
  .option('--orders <file>', 'a trade file; else a seeded day')
  .parse()
  .opts<{ spec: string; orders?: string }>();

const folder = await mkdtemp(path.join(tmpdir(), 'tillbridge-square-'));
let proxy: ValidatingProxy | undefined;
try {
  const strictFile = path.join(folder, 'square.json');
  const document = JSON.parse(await readFile(spec, 'utf8')) as Record<string, unknown>;
  await writeFile(strictFile, JSON.stringify(strictSpec(document)));
  const report = await runDay({
    ...(orders === undefined ? { seededOrders: 100 } : { ordersFile: orders }),
    seed: 1,
    faults: 'off',
    dataDir: path.join(folder, 'data'),
    reset: true,
    timeScale: 60,
    paceMs: 100,
    report: (line) => console.error(line),
    tillThrough: async (url) => {
      proxy = await ValidatingProxy.start(strictFile, url);
      return proxy.url;
    },
  });
  const refusals = proxy?.refusals() ?? new Map<string, number>();
  for (const [refusal, count] of refusals) console.log(`${count} x ${refusal}`);
  console.log(`${proxy?.requests() ?? 0} requests, ${refusals.size} kinds of refusal`);
  process.exitCode = report.ok && refusals.size === 0 && (proxy?.requests() ?? 0) > 0 ? 0 : 1;
} finally {
  await proxy?.stop();
  await rm(folder, { recursive: true, force: true });
}
