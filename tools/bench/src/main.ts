import path from 'node:path';
import { runProgram } from '@tillbridge/embedded';
import { Command, InvalidArgumentError } from 'commander';
import { runIngress } from './ingress/run-ingress.js';
import { runMessaging } from './messaging/run-messaging.js';
import { runOrders } from './orders/run-orders.js';
import { runRebuild } from './rebuild/run-rebuild.js';
import { runReconcile } from './reconcile/run-reconcile.js';
import { stopServers } from './servers.js';
import { runStock } from './stock/run-stock.js';
import { runTrace } from './trace/run-trace.js';
import {
  ingressLines,
  isMet,
  messagingLines,
  ordersLines,
  rebuildLines,
  reconcileLines,
  stockLines,
  tableOf,
  traceLines,
  type Line,
} from './verdict.js';

interface Flags {
  readonly json?: true;
  readonly data: string;
}

interface PairFlags extends Flags {
  readonly pairs: number;
}

/** What shells expect of a program that SIGINT ended. */
const INTERRUPTED = 130;

const positive = (text: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('is a whole number from 1 up');
  return Number(text);
};

const say = (line: string): void => console.error(line);

const program = new Command('bench').description(
  'What Tillbridge costs, against bare programs that do the same on the same servers',
);

compare('messaging', 'consume, inbox, one row, outbox, publish')
  .option('--messages <n>', 'messages in each measurement', positive, 10_000)
  .action(async (flags: PairFlags & { readonly messages: number }) => {
    const { pairs, messages, data: dataDir } = flags;
    const report = await runMessaging({ dataDir, pairs, messages, report: say });
    const invalid =
      'The bare program was slow or the pairs differ: this machine is busy, the run is invalid.';
    print(flags, report, messagingLines(report), report.valid ? [] : [invalid]);
  });

compare('ingress', 'signed webhooks, journalled and answered')
  .option('--seconds <n>', 'length of each measurement', positive, 3)
  .action(async (flags: PairFlags & { readonly seconds: number }) => {
    const { pairs, seconds, data: dataDir } = flags;
    const report = await runIngress({ dataDir, pairs, seconds, report: say });
    print(flags, report, ingressLines(report), []);
  });

compare('stock', 'what the tills sell, until the shop may be told and is')
  .option('--facts <n>', 'in each measurement, rounded up to batches of 500', positive, 10_000)
  .action(async (flags: PairFlags & { readonly facts: number }) => {
    const { pairs, data: dataDir } = flags;
    const facts = Math.ceil(flags.facts / 500) * 500;
    const report = await runStock({ dataDir, pairs, facts, report: say });
    print(flags, report, stockLines(report), []);
  });

command('rebuild', 'streams lost under load, published and handled again')
  .option('--messages <n>', 'published and handled before', positive, 100_000)
  .action(async (flags: Flags & { readonly messages: number }) => {
    const { messages, data: dataDir } = flags;
    const report = await runRebuild({ dataDir, messages, report: say });
    print(flags, report, rebuildLines(report), []);
  });

command('orders', 'trade orders, from their webhook into the till')
  .option('--orders <n>', 'told at once', positive, 2_000)
  .option('--backlog <n>', 'told while the till is away', positive, 5_000)
  .action(async (flags: Flags & { readonly orders: number; readonly backlog: number }) => {
    const { orders, backlog, data: dataDir } = flags;
    const report = await runOrders({ dataDir, orders, backlog, report: say });
    const invalid = 'Orders were lost, doubled or changed: the run is invalid.';
    print(flags, report, ordersLines(report), report.valid ? [] : [invalid]);
  });

command('reconcile', 'every figure of four locations against the hub').action(
  async (flags: Flags) => {
    const report = await runReconcile({ dataDir: flags.data, report: say });
    print(flags, report, reconcileLines(report), []);
  },
);

command('trace', 'the story of an order, among all that are stored')
  .option('--orders <n>', 'stored before, rounded up to 2,000', positive, 100_000)
  .action(async (flags: Flags & { readonly orders: number }) => {
    const orders = Math.ceil(flags.orders / 2_000) * 2_000;
    const report = await runTrace({ dataDir: flags.data, orders, report: say });
    print(flags, report, traceLines(report), []);
  });

function compare(name: string, description: string): Command {
  return command(name, description).option(
    '--pairs <n>',
    'how often each side is measured',
    positive,
    5,
  );
}

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--json', 'print the report as JSON instead of a table')
    .option('--data <folder>', 'where the servers write', path.join('.tillbridge', 'bench'));
}

/** A target that is missed is no failure of the run: the figures are there, and say so. */
function print(flags: Flags, report: object, lines: readonly Line[], notes: readonly string[]) {
  if (flags.json === true) {
    console.log(JSON.stringify(report, null, 2));
    return;
  }
  const missed = lines.filter((line) => !isMet(line)).length;
  const verdict = missed === 0 ? 'All targets are met.' : `${missed} targets are missed.`;
  for (const line of [...tableOf(lines), ...notes, verdict]) console.log(line);
}

/** Ctrl-C: the servers end in order; what was being measured is left where it is. */
async function main(stop: AbortSignal): Promise<number> {
  stop.addEventListener('abort', () => {
    void stopServers().finally(() => process.exit(INTERRUPTED));
  });
  try {
    await program.parseAsync();
  } catch (error) {
    // Their servers are gone from under them.
    if (!stop.aborted) throw error;
  }
  return stop.aborted ? INTERRUPTED : 0;
}

runProgram(main);
