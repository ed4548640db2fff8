import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlantedBug } from './planted-bug.js';

export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** A bug makes a test wait for what never comes: it need not wait as long as the machine is slow. */
const TEST_TIMEOUT_MS = 30_000;
const LONGEST_MS = 120_000;

export interface RunOutcome {
  /** Full names of the tests that ran. */
  readonly failed: readonly string[];
  readonly passed: readonly string[];
  /** Why the spec could not be run at all. */
  readonly broken: readonly string[];
}

interface JestReport {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs the named test of the named spec, alone, on a source with the bug in it. */
export async function runWithBug(bug: PlantedBug): Promise<RunOutcome> {
  const { file, find, replacement, spec, test } = bug;
  const { testResults } = await runJest(spec, test, {
    TILLBRIDGE_PLANTED_BUG: JSON.stringify({ file: join(ROOT, file), find, replacement }),
  });
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string) =>
    tests.filter((each) => each.status === status).map(({ fullName }) => fullName);
  const broken = testResults.filter(({ assertionResults }) => assertionResults.length === 0);
  return {
    failed: named('failed'),
    passed: named('passed'),
    broken: broken.map(({ message }) => message),
  };
}

/** @throws Error with what Jest said, when it did not come to a report. */
function runJest(spec: string, test: string, env: Record<string, string>): Promise<JestReport> {
  const [room = '', project = ''] = spec.split('/');
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const pattern = `^${test.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}$`;
  const jestArguments = ['--runTestsByPath', join(ROOT, spec), '--testNamePattern', pattern];
  const bounds = ['--testTimeout', String(TEST_TIMEOUT_MS), '--forceExit', '--json'];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['--experimental-vm-modules', '--no-warnings', jest, ...jestArguments, ...bounds],
      {
        cwd: join(ROOT, room, project),
        env: { ...process.env, NODE_OPTIONS: '', ...env },
        timeout: LONGEST_MS,
        maxBuffer: 64 * 1_048_576,
      },
      (error, stdout, stderr) => {
        try {
          resolve(JSON.parse(stdout) as JestReport);
        } catch {
          reject(new Error(`Jest made no report: ${stderr}`, { cause: error }));
        }
      },
    );
  });
}
