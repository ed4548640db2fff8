import type { DayLog } from '../actors/day-log.js';
import type { PlanCounts } from '../plan/day-plan.js';
import { isDispatchRight } from '../oracle/compare-fulfilment.js';
import type { Verdict } from '../oracle/judge-day.js';
import type { BudgetFigures } from './budget-meter.js';

/** What a day is summed up in; the keys are a public interface. */
export interface DayReport {
  readonly input: PlanCounts;
  /** What came of the planned changes of mind. */
  readonly changes: DayLog['changes'];
  /** Goods that left in parts, as the hub was told; why it did not take some, by code. */
  readonly shipments: {
    readonly told: number;
    readonly corrected: number;
    readonly neverLeft: number;
    /** Orders of which the rest waits for another day. */
    readonly putOff: number;
    readonly refused: Readonly<Record<string, number>>;
  };
  /** Kinds of things in `input` of which not one happened: the day proves nothing about them. */
  readonly notPlayed: readonly string[];
  readonly orders: {
    readonly placed: number;
    readonly accepted: number;
    readonly held: number;
    readonly short: number;
    readonly posted: number;
    readonly dispatched: number;
    readonly cancelled: number;
  };
  readonly posOrders: Verdict['posOrders'];
  readonly stock: Verdict['stock'];
  readonly fulfilment: Verdict['fulfilment'];
  readonly leftToPeople: Verdict['leftToPeople'];
  readonly receivables: Verdict['receivables'];
  /** Exceptions raised in the day, also those that cleared themselves, by code. */
  readonly exceptions: Readonly<Record<string, number>>;
  readonly messages: {
    readonly published: number;
    readonly handled: number;
    readonly duplicatesAbsorbed: number;
    readonly deadLetters: number;
  };
  /** Faults that the simulators played, by kind; `posDown` is calls that the POS did not serve. */
  readonly faults: Readonly<Record<string, number>>;
  /** What vendors allow and what was made of it, by connection. */
  readonly budget: Readonly<Record<string, BudgetFigures>>;
  readonly seconds: { readonly start: number; readonly trade: number; readonly settle: number };
  /** Everything is as it must be, no message is dead and the hub came to rest. */
  readonly ok: boolean;
}

/** The report as lines for people. */
export function reportLines(report: DayReport): string[] {
  const { input, orders, posOrders, stock, fulfilment, receivables, messages, seconds } = report;
  const { shipments } = report;
  const rows: [string, string, boolean | null][] = [
    [
      'input',
      `${input.rows} rows, ${input.invoices} invoices, ${input.rejected.length} rejected`,
      null,
    ],
    [
      'trade',
      `${input.b2bOrders} B2B, ${input.retailOrders} retail, ${input.tillSales} till sales, ` +
        `${input.cancellations} cancellations, ${input.returns} returns, ${input.edits} edits, ` +
        `${input.addedLines} added lines, ${input.cancelledOrders} orders called off, ` +
        `${input.partDispatches} in parts`,
      null,
    ],
    ['changes', pairs(report.changes), report.notPlayed.length === 0],
    [
      'shipments',
      `${shipments.told} told, ${shipments.corrected} corrected, ${shipments.neverLeft} never left, ` +
        `${shipments.putOff} orders put off in part, ` +
        `refused: ${pairs(shipments.refused) || 'none'}`,
      null,
    ],
    ['orders', pairs(orders), null],
    ['POS orders', pairs(posOrders), allZero(posOrders, ['created'])],
    [
      'stock',
      `${stock.skus} SKUs, ${stock.locations} locations, ${stock.mismatches.length} mismatches, ` +
        `${stock.oversoldUnits} oversold (${stock.oversoldUnitsTotal} in all)`,
      stock.mismatches.length === 0 && stock.oversoldUnits === 0,
    ],
    [
      'fulfilment',
      `${fulfilment.dispatched} dispatched, ${fulfilment.reported} reported, ` +
        `${fulfilment.missing.length} missing, ${fulfilment.wrongTracking.length} wrong numbers, ` +
        `${fulfilment.wrongState.length} wrong states, ${fulfilment.waitingUnits} units wait`,
      isDispatchRight(fulfilment),
    ],
    ['receivables', pairs(receivables), allZero(receivables, ['open'])],
    ['messages', pairs(messages), messages.deadLetters === 0],
    ['exceptions', pairs(report.exceptions) || 'none', null],
    ['faults', pairs(report.faults) || 'none', null],
    ['budget', budgetText(report.budget), null],
    ['seconds', pairs(seconds), null],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const mark = (good: boolean | null): string => (good === null ? ' ' : good ? '✓' : '✗');
  return [
    ...rows.map(([name, text, good]) => `${mark(good)} ${name.padEnd(width)}  ${text}`),
    ...casesOf(report),
    report.ok ? 'Everything is as it must be.' : 'Something is wrong: see the lines marked ✗.',
  ];
}

/** What is wrong, case by case, and what people were left with. */
function casesOf({ stock, notPlayed, fulfilment, leftToPeople }: DayReport): string[] {
  return [
    ...stock.mismatches
      .slice(0, 10)
      .map((m) => `    ${m.sku} in the ${m.where}: ${m.actual}, must be ${m.expected}`),
    ...stock.oversold
      .slice(0, 10)
      .map(
        (p) =>
          `    ${p.sku} promised ${p.wantedUnits} to ${p.ref ?? 'a retail buyer'} at ` +
          `${new Date(p.atMs).toISOString().slice(11, 23)}, ${p.sellableUnits} could be sold`,
      ),
    ...notPlayed.map((kind) => `    not one of the planned ${kind} happened`),
    ...fulfilment.missing.slice(0, 10).map((name) => `    ${name} left and buyers are not told`),
    ...fulfilment.wrongTracking.slice(0, 10).map((name) => `    ${name} has a wrong number`),
    ...fulfilment.wrongState.slice(0, 10).map((name) => `    ${name} stands in a wrong state`),
    ...leftToPeople.map(
      (name) => `    ${name} was cancelled while the store sent it, and people were told`,
    ),
  ];
}

const budgetText = (budget: DayReport['budget']): string =>
  Object.entries(budget)
    .map(([connection, { used, refused, backlogSeconds }]) => {
      const share = used === null ? 'no backlog' : `${percent(used)} used`;
      return `${connection} ${share} in ${backlogSeconds} s, ${percent(refused)} refused`;
    })
    .join('; ');

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;

const pairs = (figures: object): string =>
  Object.entries(figures)
    .map(([name, figure]) => `${figure} ${name}`)
    .join(', ');

const allZero = (figures: object, except: readonly string[]): boolean =>
  Object.entries(figures).every(([name, figure]) => except.includes(name) || figure === 0);
