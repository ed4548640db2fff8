import type { Answer, Call } from '../wire/server-kit.js';
import { recordCall } from '../wire/simulated-world.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';
import { problem } from './problem.js';
import type { ProblemDetail } from './problem.js';
import type { LookupBy, PurchaseBook } from './purchase-book.js';
import { toPurchaseBody } from './purchase-record.js';
import type { PurchaseIdentifiers, PurchaseRecord } from './purchase-record.js';
import { readJson } from './token-desk.js';

const LOOKUPS: readonly string[] = ['sparklayer', 'platform', 'internal', 'visible'];
const TYPES: readonly string[] = [
  ...['cart', 'quote', 'awaiting_approval', 'order_unconfirmed', 'order'],
];
const REQUIRED = [
  ...['type', 'purchase_identifiers', 'customer_identifiers', 'dates'],
  ...['packages', 'accounting_files', 'custom_fields'],
] as const;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LARGEST_PAGE = 500;
const USUAL_PAGE = 100;

/** Reading and replacing purchases. What is written here never reaches the shop. */
export class PurchaseEndpoints {
  constructor(
    private readonly world: SimulatedWorld,
    private readonly purchases: PurchaseBook,
  ) {}

  /** Newest first, and without packages; what is new shifts the offsets of what follows. */
  list({ query }: Call): Answer {
    const limit = Number(query['limit'] ?? USUAL_PAGE);
    const offset = Number(query['offset'] ?? 0);
    if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
      return invalid([
        { code: 'range', message: `limit is 1 to ${LARGEST_PAGE}`, property: 'limit' },
      ]);
    }
    if (!Number.isInteger(offset) || offset < 0) {
      return invalid([{ code: 'range', message: 'offset is 0 or more', property: 'offset' }]);
    }
    const matching = this.purchases
      .all()
      .filter((purchase) => matches(purchase, query))
      .sort(newestFirst(query['order_by']));
    const page = matching.slice(offset, offset + limit);
    this.journal('read:purchases', true, { query, rows: page.length, last: page.length < limit });
    return { status: 200, body: page.map((purchase) => toPurchaseBody(purchase, false)) };
  }

  get({ params }: Call): Answer {
    const looked = readLookup(params);
    if ('refused' in looked) return looked.refused;
    const purchase = this.purchases.find(looked.by, looked.identifier);
    if (purchase === undefined) return notFound();
    this.journal('read:purchase', true, { ...looked });
    return { status: 200, body: toPurchaseBody(purchase, true) };
  }

  /** Replaces all of it, or makes a new one when nothing matches. */
  put(call: Call): Answer {
    const looked = readLookup(call.params);
    if ('refused' in looked) return looked.refused;
    const sent = readJson(call.rawBody) as Partial<PurchaseRecord> | null;
    if (sent === null || typeof sent !== 'object') {
      return invalid([{ code: 'invalid', message: 'The body must be a JSON object' }]);
    }
    const errors = check(sent, looked);
    if (errors.length > 0) return this.refuse(looked, invalid(errors));
    const held = this.purchases.find(looked.by, looked.identifier);
    const identifiers = sent.purchase_identifiers as PurchaseIdentifiers;
    const named = looked.by === 'sparklayer' ? looked.identifier : undefined;
    const heldId = held?.purchase_identifiers.sparklayer ?? named;
    if (heldId !== undefined && (identifiers.sparklayer ?? heldId) !== heldId) {
      const detail = 'The SparkLayer identifier of a purchase cannot be changed.';
      return this.refuse(looked, problem(403, 'Forbidden', detail));
    }
    const cartId = heldId ?? identifiers.sparklayer ?? crypto.randomUUID();
    const now = new Date(this.world.now()).toISOString();
    const purchase: PurchaseRecord = {
      ...(sent as PurchaseRecord),
      purchase_identifiers: { ...identifiers, sparklayer: cartId },
      metadata: sent.metadata ?? [],
      dates: {
        created_at: held?.dates.created_at ?? now,
        updated_at: now,
        placed_at: sent.dates?.placed_at ?? null,
      },
    };
    this.purchases.put(purchase);
    this.journal('putPurchase', true, { ...looked, cartId, type: purchase.type });
    return { status: held === undefined ? 201 : 200, body: toPurchaseBody(purchase, true) };
  }

  delete({ params }: Call): Answer {
    const looked = readLookup(params);
    if ('refused' in looked) return looked.refused;
    const purchase = this.purchases.find(looked.by, looked.identifier);
    if (purchase === undefined) return this.refuse(looked, notFound());
    this.purchases.delete(purchase.purchase_identifiers.sparklayer);
    this.journal('deletePurchase', true, { ...looked });
    return { status: 204 };
  }

  private refuse(looked: object, answer: Answer): Answer {
    this.journal('putPurchase', false, { ...looked, status: answer.status });
    return answer;
  }

  private journal(call: string, accepted: boolean, detail: unknown): void {
    recordCall(this.world, { vendor: 'sparklayer', call, accepted, detail });
  }
}

interface Lookup {
  readonly by: LookupBy;
  readonly identifier: string;
}

function readLookup(params: Call['params']): Lookup | { refused: Answer } {
  const by = params['lookupBy'] ?? '';
  const identifier = params['identifier'] ?? '';
  if (!LOOKUPS.includes(by)) return { refused: notFound() };
  if (by === 'sparklayer' && !UUID.test(identifier)) {
    const message = 'A SparkLayer identifier is a UUID';
    return { refused: invalid([{ code: 'resource-id-invalid', message }]) };
  }
  return { by: by as LookupBy, identifier };
}

/** The filters of the list, as the older documentation names them. */
function matches(purchase: PurchaseRecord, query: Call['query']): boolean {
  const updated = Date.parse(purchase.dates.updated_at);
  const placed = Date.parse(purchase.dates.placed_at ?? purchase.dates.created_at);
  const customer = query['customer_identifiers[sparklayer]'];
  return (
    (query['type'] ?? purchase.type) === purchase.type &&
    (customer ?? purchase.customer_identifiers['sparklayer']) ===
      purchase.customer_identifiers['sparklayer'] &&
    isWithin(updated, query['dates[last_updated][gte]'], query['dates[last_updated][lte]']) &&
    isWithin(placed, query['dates[placed][gte]'], query['dates[placed][lte]'])
  );
}

function isWithin(atMs: number, from: string | undefined, to: string | undefined): boolean {
  return (
    (from === undefined || atMs >= Date.parse(from)) && (to === undefined || atMs <= Date.parse(to))
  );
}

function newestFirst(orderBy: string | undefined) {
  const read = (purchase: PurchaseRecord) =>
    orderBy === 'last_updated'
      ? purchase.dates.updated_at
      : (purchase.dates.placed_at ?? purchase.dates.created_at);
  return (a: PurchaseRecord, b: PurchaseRecord) =>
    read(a) < read(b) ? 1 : read(a) > read(b) ? -1 : 0;
}

function check(sent: Partial<PurchaseRecord>, looked: Lookup): ProblemDetail[] {
  const errors: ProblemDetail[] = REQUIRED.filter((property) => sent[property] === undefined).map(
    (property) => ({ code: 'required', message: `${property} is missing`, property }),
  );
  if (sent.type !== undefined && !TYPES.includes(sent.type)) {
    errors.push({ code: 'invalid', message: 'type is not known', property: 'type' });
  }
  if (sent.packages !== undefined && !Array.isArray(sent.packages)) {
    errors.push({ code: 'invalid', message: 'packages is an array', property: 'packages' });
  }
  for (const property of Object.keys(sent)) {
    if (property.startsWith('calculated_')) {
      errors.push({ code: 'read-only', message: `${property} is computed`, property });
    }
  }
  const own = sent.purchase_identifiers?.[looked.by];
  if (looked.by !== 'sparklayer' && own !== looked.identifier) {
    const message = 'The body names another purchase than the address';
    errors.push({ code: 'idMismatch', message, property: `purchase_identifiers.${looked.by}` });
  }
  return errors;
}

function invalid(errors: readonly ProblemDetail[]): Answer {
  return problem(400, 'Validation failed', `${errors.length} fields are not valid`, errors);
}

function notFound(): Answer {
  return problem(404, 'Not found', 'There is no such purchase.');
}
