import { currentOf, mergeFact, type OrderFact, type SkuUnits } from './order-facts.js';
import type { RefusalCode } from './order-contradictions.js';
import { owedCommands, type OrderCommand } from './order-commands.js';
import { waitingUnits } from './dispatch-plan.js';
import { tellClosing, type OrderClosing } from './order-closing.js';
import { dispatchInput, milestonesOf, readOrder, type OrderReading } from './order-reading.js';
import { creditedMinor } from './returns-plan.js';
import { tellShipments, type ShipmentNews } from './shipment-news.js';
import { pairOf } from './order-table.js';
import type { OrderException, OrderPolicy, OrderRecord, OrderView } from './order-record.js';

/** What follows from a fact: the new record, what to ask of the outside, what to tell whom. */
export interface OrderDecision {
  readonly record: OrderRecord;
  readonly commands: readonly OrderCommand[];
  /** Set when what others see of the order changed. */
  readonly told?: OrderView & { readonly revision: number };
  /** Goods that left, and those that turned out not to have. */
  readonly shipped: readonly ShipmentNews[];
  /** Set when the order is done, and when something of one that was done differs. */
  readonly closed?: OrderClosing & { readonly revision: number };
  readonly raised: readonly OrderException[];
  readonly cleared: readonly OrderException['code'][];
  /** The facts among these that contradict what is known, with the exception that says so. */
  readonly refused: readonly RefusedFact[];
}

export interface RefusedFact {
  readonly kind: OrderFact['kind'];
  readonly code: RefusalCode;
}

/**
 * Decides what facts mean for an order. Total: every fact has an answer in every state, and
 * `ORDER_TABLE` names it.
 *
 * Facts are first merged, which commutes; state, exceptions and the acts still owed are then read
 * from the merged record alone. So the same facts in any order, repeated, end in the same state
 * and have asked for the same acts: an act is owed only while the record does not hold it.
 */
export function decideOrder(
  held: OrderRecord,
  facts: readonly OrderFact[],
  policy: OrderPolicy,
): OrderDecision {
  const merged = withMethod({ ...held, facts: facts.reduce(mergeFact, held.facts) });
  const { acts, commands } = owedCommands(merged, policy);
  const asked = { ...merged, acts };
  const reading = readOrder(asked, policy);
  const left = shippedOf(asked, policy);
  const { shipments, shipped } = left;
  const sent = { ...asked, shipments };
  const { closing, news: closed } = tellClosing(sent, reading, policy);
  const record = {
    ...sent,
    ...tellingOf(sent, reading, left),
    ...passed(sent, reading),
    ...(closing === undefined ? {} : { closing }),
  };
  const codes = new Set(reading.exceptions.map(({ code }) => code));
  const before = new Set(held.exceptions.map(({ code }) => code));
  const raised = reading.exceptions.filter(({ code }) => !before.has(code));
  return {
    record,
    commands,
    ...(record.view !== undefined && record.revision > held.revision
      ? { told: { ...record.view, revision: record.revision } }
      : {}),
    shipped,
    ...(closed === undefined ? {} : { closed }),
    raised,
    cleared: [...before].filter((code) => !codes.has(code)),
    refused: facts.flatMap((fact) => refusalsOf(held, fact, raised)),
  };
}

function refusalsOf(
  held: OrderRecord,
  fact: OrderFact,
  raised: readonly OrderException[],
): RefusedFact[] {
  return pairOf(held, fact)
    .refuses.filter((code) => raised.some((exception) => exception.code === code))
    .map((code) => ({ kind: fact.kind, code }));
}

interface Shipped {
  readonly shipments: OrderRecord['shipments'];
  readonly waitingUnits: number;
  /** What POS orders still stand for of which goods have left, whatever became of the rest. */
  readonly leftMinor: number;
  readonly shipped: readonly ShipmentNews[];
}

/** What has left, and what of that is news. Nothing leaves before a store says so. */
function shippedOf(record: OrderRecord, policy: OrderPolicy): Shipped {
  const { shipments, facts } = record;
  const nothing = { shipments, waitingUnits: 0, leftMinor: 0, shipped: [] };
  const silent =
    Object.keys(facts.fulfilments).length === 0 &&
    Object.keys(facts.shipments.recorded).length === 0;
  const input = silent ? undefined : dispatchInput(record, policy);
  if (input === undefined) return nothing;
  const { told, news } = tellShipments(shipments, input, policy);
  const { fixed, standing } = input.balance;
  const leftMinor = [...fixed].reduce((sum, id) => sum + (standing.get(id)?.totalMinor ?? 0), 0);
  return { shipments: told, waitingUnits: sumOf(waitingUnits(input)), leftMinor, shipped: news };
}

function sumOf(units: readonly SkuUnits[]): number {
  return units.reduce((sum, each) => sum + each.units, 0);
}

function passed(
  record: OrderRecord,
  reading: OrderReading,
): Pick<OrderRecord, 'state' | 'exceptions' | 'ever'> {
  return {
    state: reading.state,
    exceptions: reading.exceptions,
    ever: [...new Set([...record.ever, ...milestonesOf(record, reading)])].sort(),
  };
}

/** A tender was decided for a payment method: those for an earlier one do not count. */
function withMethod(record: OrderRecord): OrderRecord {
  const method = currentOf(record.facts)?.paymentMethod;
  const changes = method !== undefined && method !== record.view?.paymentMethod;
  if (!changes) return record;
  const since = record.revision + 1;
  const before = record.methods.filter((each) => each.since < since);
  return { ...record, methods: [...before, { method, since }] };
}

/** The next revision of the view when it differs from the last one. */
function tellingOf(
  record: OrderRecord,
  reading: OrderReading,
  left: Shipped,
): Pick<OrderRecord, 'revision' | 'view'> {
  const { revision } = record;
  const view = viewOf(record, reading, left);
  if (view === undefined || same(view, record.view)) return { revision, view: record.view };
  return { revision: revision + 1, view };
}

/** Nothing is told of an order that is only kept for trace, before anything was. */
function viewOf(
  record: OrderRecord,
  reading: OrderReading,
  { waitingUnits, leftMinor }: Shipped,
): OrderView | undefined {
  const current = currentOf(record.facts);
  if (current === undefined || reading.state === null) return undefined;
  if (reading.beforeCutOver && record.view === undefined) return undefined;
  const { order, draft, purchase } = record.facts;
  const poNumber = order?.poNumber ?? draft?.poNumber ?? purchase?.poNumber;
  const customerId = order?.customerId ?? draft?.customerId;
  // Of a cancelled order the buyer owes what he has.
  const chargedMinor = reading.state === 'cancelled' ? leftMinor : current.totalMinor;
  return {
    connectionId: current.connectionId,
    name: current.name,
    state: reading.state,
    draft: order === undefined,
    ...(customerId === undefined ? {} : { customerId }),
    paymentMethod: current.paymentMethod,
    ...(poNumber === undefined ? {} : { poNumber }),
    currency: current.currency,
    totalMinor: Math.max(0, chargedMinor - creditedMinor(current)),
    leftUnits: sumOf(record.shipments.flatMap(({ units }) => units)),
    waitingUnits,
    returnedQuantity: current.lines.reduce((sum, line) => sum + (line.returnedQuantity ?? 0), 0),
  };
}

const VIEW_KEYS = [
  'connectionId',
  'name',
  'state',
  'draft',
  'customerId',
  'paymentMethod',
  'poNumber',
  'currency',
  'totalMinor',
  'leftUnits',
  'waitingUnits',
  'returnedQuantity',
] as const;

function same(a: OrderView, b: OrderView | undefined): boolean {
  return b !== undefined && VIEW_KEYS.every((key) => a[key] === b[key]);
}
