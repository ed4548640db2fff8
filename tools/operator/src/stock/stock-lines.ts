import type {
  ReconciliationRun,
  StockDifferenceRow,
  VerifiedEntry,
  VerifiedPromise,
  VerifiedShelf,
  VerifiedStock,
} from '@tillbridge/contracts';
import { tableSection, type Column } from '../table-lines.js';

/** One SKU across all systems: a table for each question that people ask of it. */
export function stockLines(stock: VerifiedStock): string[] {
  const { sku, at, shelves, channels, readings, differences, ledger } = stock;
  return [
    `${sku} at ${at}`,
    ...tableSection('what the masters counted, and what of it may be sold', SHELVES, shelves),
    ...tableSection('what it is promised to', PROMISES, shelves.flatMap(promisesOf)),
    ...tableSection('what channels are told', CHANNELS, channels),
    ...tableSection('what the systems say now', READINGS, readings),
    ...tableSection('open differences', DIFFERENCES, differences),
    ...tableSection('the ledger that leads there', LEDGER, ledger),
  ];
}

/** A comparison: what it looked at, and each difference with its explanation. */
export function runLines(run: ReconciliationRun): string[] {
  const { scope, pairs, complete, differences, rows } = run;
  const classes = Object.entries(differences).map(([reason, count]) => `${count} ${reason}`);
  const seen = complete === true ? '' : ', not all systems could be read to their end';
  return [
    `${pairs} figures compared (${scope})${seen}; ${classes.join(', ') || 'no differences'}`,
    ...tableSection('differences', DIFFERENCES, rows),
  ];
}

const SHELVES: readonly Column<VerifiedShelf>[] = [
  { heading: 'location', of: ({ locationId }) => locationId },
  { heading: 'sku', of: ({ sku }) => sku },
  { heading: 'master', of: ({ masterConnectionId }) => masterConnectionId },
  { heading: 'on hand', of: ({ onHandUnits }) => onHandUnits ?? 'not counted' },
  { heading: '- committed', of: ({ committedUnits }) => committedUnits },
  { heading: '- buffer', of: ({ bufferUnits }) => bufferUnits },
  { heading: '= sellable', of: ({ sellableUnits }) => sellableUnits },
  { heading: "since, by the master's clock", of: ({ countedAt }) => countedAt ?? '' },
];

type PromiseRow = VerifiedPromise & Pick<VerifiedShelf, 'locationId' | 'sku'>;

function promisesOf({ locationId, sku, promises }: VerifiedShelf): PromiseRow[] {
  return promises.map((promise) => ({ ...promise, locationId, sku }));
}

const PROMISES: readonly Column<PromiseRow>[] = [
  { heading: 'location', of: ({ locationId }) => locationId },
  { heading: 'sku', of: ({ sku }) => sku },
  { heading: 'order', of: ({ name, orderId }) => name || orderId },
  { heading: 'owed', of: ({ owedUnits }) => owedUnits },
  { heading: '- contained', of: ({ containedUnits }) => containedUnits },
  { heading: '= committed', of: ({ committedUnits }) => committedUnits },
];

const CHANNELS: readonly Column<VerifiedStock['channels'][number]>[] = [
  { heading: 'channel', of: ({ connectionId }) => connectionId },
  { heading: 'location', of: ({ channelLocationId }) => channelLocationId },
  { heading: 'sku', of: ({ sku }) => sku },
  { heading: 'shows', of: ({ shownUnits }) => shownUnits ?? 'nothing' },
  { heading: 'should', of: ({ dueUnits }) => dueUnits ?? 'not ours' },
  { heading: 'because', of: ({ formula }) => formula },
  { heading: 'state', of: ({ state }) => state },
];

const READINGS: readonly Column<VerifiedStock['readings'][number]>[] = [
  { heading: 'system', of: ({ connectionId }) => connectionId },
  { heading: 'location', of: ({ place }) => place },
  { heading: 'sku', of: ({ sku }) => sku },
  { heading: 'says', of: ({ units, silence }) => units ?? silence ?? 'nothing' },
  { heading: 'by its clock', of: ({ countedAt }) => countedAt ?? '' },
];

const DIFFERENCES: readonly Column<StockDifferenceRow>[] = [
  { heading: 'since', of: ({ firstSeenAt }) => firstSeenAt },
  { heading: 'system', of: ({ connectionId }) => connectionId },
  { heading: 'location', of: ({ place }) => place },
  { heading: 'sku', of: ({ sku }) => sku || '(all)' },
  { heading: 'says', of: ({ seenUnits }) => seenUnits ?? 'nothing' },
  { heading: 'hub', of: ({ hubUnits }) => hubUnits ?? 'nothing' },
  { heading: 'class', of: ({ reason }) => reason ?? 'being looked at' },
  { heading: 'ended', of: ({ clearedAt }) => clearedAt ?? '' },
  { heading: 'explanation', of: ({ explanation }) => explanation ?? '' },
];

const LEDGER: readonly Column<VerifiedEntry>[] = [
  { heading: 'recorded', of: ({ recordedAt }) => recordedAt },
  { heading: 'location', of: ({ locationId }) => locationId },
  { heading: 'sku', of: ({ sku }) => sku },
  { heading: 'what', of: wordsOf },
  { heading: 'because of', of: causesOf },
  { heading: 'fact', of: ({ messageId }) => messageId },
];

function wordsOf({ onHandUnits, orderId, orderName, owedUnits, containedUnits }: VerifiedEntry) {
  if (orderId === null) return `on hand ${onHandUnits}`;
  return `${orderName ?? orderId}: owed ${owedUnits}, contained ${containedUnits}`;
}

function causesOf({ causes }: VerifiedEntry): string {
  const words = causes.map(({ kind, units }) =>
    kind === 'physical-count' ? `${kind} ${units}` : `${kind} ${units > 0 ? '+' : ''}${units}`,
  );
  return words.join(', ');
}
