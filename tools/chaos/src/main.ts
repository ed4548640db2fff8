import { runProgram } from '@tillbridge/embedded';
import { Command, InvalidArgumentError } from 'commander';
import { reportLines } from './run/chaos-report.js';
import { runChaos } from './run/run-chaos.js';
import { FAULT_GROUPS, type FaultGroup } from './schedule/plan-faults.js';

interface Flags {
  readonly minutes: number;
  readonly seed: number;
  readonly only?: readonly FaultGroup[];
  readonly cluster: number;
  readonly json?: true;
  readonly data: string;
}

const program = new Command('chaos')
  .description('A trading day while processes are killed and vendors are away, judged at its end')
  .option('--minutes <m>', 'how long trade lasts', minutes, 5)
  .option('--seed <n>', 'the seed of the day and of the schedule of faults', wholeNumber, 1)
  .option('--only <groups>', `faults to play, with commas: ${FAULT_GROUPS.join(',')}`, groups)
  .option('--cluster <nodes>', 'NATS as a cluster of 3 or 5 servers', clusterSize, 1)
  .option('--json', 'print the report as JSON instead of a table')
  .option('--data <folder>', 'where databases, streams and logs are kept', '.tillbridge/chaos');

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('is a whole number from 0 up');
  return Number(text);
}

function minutes(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 600)) throw new InvalidArgumentError('is a number up to 600');
  return number;
}

function groups(text: string): FaultGroup[] {
  const named = text.split(',').map((name) => FAULT_GROUPS.find((group) => group === name.trim()));
  const known = named.filter((group) => group !== undefined);
  if (known.length < named.length) {
    throw new InvalidArgumentError(`may name ${FAULT_GROUPS.join(', ')}`);
  }
  return known;
}

function clusterSize(text: string): number {
  if (!['1', '3', '5'].includes(text)) throw new InvalidArgumentError('is 1, 3 or 5');
  return Number(text);
}

async function main(signal: AbortSignal): Promise<number> {
  const { json, data: dataDir, cluster: natsNodes, ...flags } = program.parse().opts<Flags>();
  const say = (line: string): void => console.error(line);
  const report = await runChaos({ ...flags, natsNodes, dataDir, report: say, signal });
  if (json === true) console.log(JSON.stringify(report, null, 2));
  else for (const line of reportLines(report)) console.log(line);
  return report.ok ? 0 : 1;
}

runProgram(main);
