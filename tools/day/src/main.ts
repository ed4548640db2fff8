import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { runProgram } from '@tillbridge/embedded';
import type { FaultLevel } from '@tillbridge/simulators';
import { reportLines } from './run/day-report.js';
import { runDay } from './run/run-day.js';
import { runLive } from './run/run-live.js';
import { runReal } from './run/run-real.js';

interface Flags {
  readonly once?: true;
  readonly posDown?: true;
  readonly orders?: string;
  readonly seed: number;
  readonly faults: FaultLevel;
  readonly report?: string;
  readonly json?: true;
  readonly config?: string;
  readonly reset?: true;
  readonly data: string;
}

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('is a whole number from 0 up');
  return Number(text);
};

const program = new Command('tillbridge')
  .description('Tillbridge on this machine: the hub with everything embedded')
  .option('--once', 'play one day as fast as it goes, judge it, print a table and stop')
  .option('--orders <file>', 'a trade file in an Online Retail layout; else a seeded day')
  .option('--seed <n>', 'the seed of the day and its faults', wholeNumber, 1)
  .addOption(
    new Option('--faults <level>', 'how much goes wrong at the vendors')
      .choices(['off', 'mild', 'wild'])
      .default('mild'),
  )
  .option('--pos-down', 'the POS answers nobody in the middle third of the day (with --once)')
  .option('--report <file>', 'write the report of the day as JSON (with --once)')
  .option('--json', 'print the report as JSON instead of a table (with --once)')
  .option('--config <file>', 'run the hub on the real accounts of this file, without simulators')
  .option('--reset', 'forget what the data folder holds first')
  .option('--data <folder>', 'where databases, streams and logs are kept', '.tillbridge');

async function main(signal: AbortSignal): Promise<number> {
  const flags = program.parse().opts<Flags>();
  const say = (line: string): void => console.error(line);
  const { seed, faults, data: dataDir } = flags;
  if (flags.config !== undefined) {
    await runReal({ configurationPath: flags.config, dataDir, say, signal });
    return 0;
  }
  const orders = flags.orders === undefined ? {} : { ordersFile: flags.orders };
  const day = { ...orders, seed, faults, dataDir, timeScale: 60, signal };
  if (flags.once !== true) {
    await runLive({ ...day, reset: flags.reset === true, say });
    return 0;
  }
  // A day is judged against its own opening stock, so it always begins afresh.
  const posDown = flags.posDown === true;
  const report = await runDay({ ...day, reset: true, paceMs: 55, posDown, report: say });
  if (flags.report !== undefined) {
    await writeFile(flags.report, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (flags.json === true) console.log(JSON.stringify(report, null, 2));
  else for (const line of reportLines(report)) console.log(line);
  return report.ok ? 0 : 1;
}

runProgram(main);
