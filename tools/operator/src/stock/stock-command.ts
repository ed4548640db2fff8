import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  AskReconciliation,
  ReconcileStock,
  VerifyStock,
  type ReconciliationRun,
  type VerifiedStock,
} from '@tillbridge/contracts';
import { Asker } from '@tillbridge/messaging';
import { isoTime } from '../iso-time.js';
import { asOperator } from '../operator-connection.js';
import { printAnswer, withPlace, type PlaceFlags } from '../printed-answer.js';
import type { OperatorIo } from '../run-operator.js';
import { runLines, stockLines } from './stock-lines.js';

interface VerifyFlags extends PlaceFlags {
  readonly at?: string;
  readonly entries: number;
}

/** Inventory asks vendors meanwhile, which it gives eight seconds. */
const VERIFY_MS = 15_000;
const LOOK_MS = 1_000;

/** `stock verify|reconcile`. `done` is told the exit code. */
export function stockCommand(io: OperatorIo, done: (code: number) => void): Command {
  const group = new Command('stock').description('what every system says of the stock');
  withPlace(group.command('verify').description('a SKU across all systems, now or at a moment'))
    .argument('<sku>')
    .option('--at <time>', 'ISO 8601, a past moment', isoTime)
    .addOption(
      new Option('--entries <n>', 'of the ledger at most').default(30).argParser((text) => {
        const entries = /^\d{1,3}$/.test(text) ? Number(text) : 0;
        if (entries < 1 || entries > 500) throw new InvalidArgumentError('is from 1 to 500');
        return entries;
      }),
    )
    .action(async (sku: string, flags: VerifyFlags) => {
      const stock = await asOperator(io, flags.data, (nats) => verify(new Asker(nats), sku, flags));
      printAnswer(io, flags, stock, stockLines);
      const silent = stock.readings.filter(({ silence }) => silence !== undefined);
      done(stock.differences.length === 0 && silent.length === 0 ? 0 : 1);
    });
  withPlace(group.command('reconcile').description('compare every master and channel now'))
    .option('--all', 'everything, not only what changed since the last comparison')
    .action(async (flags: PlaceFlags & { readonly all?: true }) => {
      const scope = flags.all === true ? 'all' : 'changed';
      const run = await asOperator(io, flags.data, (nats) => reconcile(io, new Asker(nats), scope));
      printAnswer(io, flags, run, runLines);
      const open = run.rows.filter(({ clearedAt }) => clearedAt === null);
      done(run.complete === true && open.length === 0 ? 0 : 1);
    });
  return group;
}

function verify(asker: Asker, sku: string, flags: VerifyFlags): Promise<VerifiedStock> {
  const { at, entries } = flags;
  const question = { sku, entries, ...(at === undefined ? { askSystems: true } : { at }) };
  return asker.ask(Object.assign(new VerifyStock(), question), { timeoutMs: VERIFY_MS });
}

/** Begins a comparison and waits for its end: it takes two polls more when something differs. */
async function reconcile(
  io: OperatorIo,
  asker: Asker,
  scope: 'changed' | 'all',
): Promise<ReconciliationRun> {
  let run = await asker.ask<ReconciliationRun>(Object.assign(new ReconcileStock(), { scope }));
  const { runId } = run;
  let told = '';
  while (run.finishedAt === null) {
    const open = run.rows.filter(({ clearedAt }) => clearedAt === null).length;
    const words = `${run.pairs} figures compared, ${open} differences so far`;
    if (words !== told) io.complain(words);
    told = words;
    await sleep(LOOK_MS);
    run = await asker.ask<ReconciliationRun>(Object.assign(new AskReconciliation(), { runId }));
  }
  return run;
}
