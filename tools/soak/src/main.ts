import { runProgram } from '@tillbridge/embedded';
import { Command, InvalidArgumentError } from 'commander';
import { reportLines, toReport } from './run/soak-report.js';
import { runSoak } from './run/run-soak.js';
import { playRange, SOAKS, type SoakName } from './run/soaks.js';

interface Flags {
  readonly schedules: number;
  readonly seed: number;
  readonly schedule?: number;
  readonly workers?: number;
  readonly json?: true;
}

function commandLine(run: (name: SoakName, flags: Flags) => Promise<void>): Command {
  const program = new Command('soak').description(
    'Random histories against the pure rules, each judged to its end',
  );
  const command = (name: SoakName, description: string, schedules: number): void => {
    program
      .command(name)
      .description(description)
      .option('--schedules <n>', 'how many histories, from number 1 on', aboveZero, schedules)
      .option('--seed <n>', 'the seed of all of them', wholeNumber, 1)
      .option('--schedule <k>', 'this one history alone', wholeNumber)
      .option('--workers <n>', 'threads; as many as cores unless said', aboveZero)
      .option('--json', 'print the report as JSON instead of a table')
      .action((flags: Flags) => run(name, flags));
  };
  command('stock', 'tills, orders, counts and faults against the whole of stock', 20_000);
  command('orders', 'whole lives of trade orders against the rules of orders', 10_000);
  return program;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('is a whole number from 0 up');
  return Number(text);
}

function aboveZero(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('is a whole number from 1 up');
  return number;
}

/** Returns the exit code. */
async function soak(name: SoakName, flags: Flags, signal: AbortSignal): Promise<number> {
  const { schedule, json } = flags;
  const all = schedule === undefined;
  const report = all ? await playAll(name, flags, signal) : playOne(name, flags);
  if (json === true) console.log(JSON.stringify(report, null, 2));
  else for (const line of reportLines(report, SOAKS[name])) console.log(line);
  return (all ? report.ok : report.violations === 0) ? 0 : 1;
}

function playAll(name: SoakName, { schedules, seed, workers }: Flags, signal: AbortSignal) {
  const step = Math.max(1_000, Math.floor(schedules / 20));
  let said = 0;
  const progress = (played: number, violations: number): void => {
    if (played - said < step) return;
    said = played;
    console.error(`${played} of ${schedules} histories, ${violations} violations`);
  };
  return runSoak({ name, schedules, seed, workers, progress, signal });
}

/** One history alone cannot hold everything: it is not asked to. */
function playOne(name: SoakName, { seed, schedule = 0 }: Flags) {
  const began = Date.now();
  const tally = playRange({ name, seed, first: schedule, count: 1 });
  return toReport(tally, SOAKS[name], { seed, seconds: (Date.now() - began) / 1_000 });
}

runProgram(async (stop) => {
  let code = 1;
  await commandLine(async (name, flags) => {
    code = await soak(name, flags, stop);
  }).parseAsync();
  return code;
});
