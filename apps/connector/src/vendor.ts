import type {
  ChannelStockPage,
  DeliveryAddress,
  Failure,
  MasterStockPage,
  MessageClass,
  PosOrderPage,
  TradeOrderPage,
} from '@tillbridge/contracts';
import type { ExceptionCode } from '@tillbridge/domain';
import type { AnyConnection, Configuration } from '@tillbridge/runtime';
import type { Logger } from 'pino';

/** A thing at the vendor. Its kind is the vendor folder's own word: 'order', 'level', 'count'. */
export interface EntityKey {
  readonly kind: string;
  readonly id: string;
}

/** The words that stay in the connector's database and are only handed out by query. */
export interface PrivateTexts {
  readonly orderId: string;
  readonly recipientName?: string;
  readonly note?: string;
  readonly requestedDate?: string;
  readonly address?: DeliveryAddress;
}

/** One thing as fetched, translated. Becomes a fact when its content differs from the last one. */
export interface Observation {
  readonly key: EntityKey;
  /** Canonical translated content without the revision. Plain JSON; it is hashed. */
  readonly content: unknown;
  /** The contract instance to send for this content. */
  toMessage(revision: number): object;
  readonly texts?: PrivateTexts;
  /** Vendor data to remember, in the commit that records this. */
  readonly refs?: readonly Ref[];
  /**
   * True when the content has the source's own clock, so that an old reading does no harm. Without
   * it, a reading begun before an act last observed the entity is not recorded but done again.
   */
  readonly ordered?: boolean;
  /** True in an act's result whose own message tells it: `toMessage` is not sent. */
  readonly told?: boolean;
}

/** One page of a poll; committed by itself. The last page carries the new mark. */
export interface PollPage {
  readonly observations: readonly Observation[];
  /** Vendor data to remember, by kind and key (catalogue, POS orders); see `Refs`. */
  readonly refs?: readonly Ref[];
  readonly mark?: string;
  /** Things this page showed to need a whole read: they are put into the fetch queue. */
  readonly wants?: readonly EntityKey[];
  /** Conditions seen by this page; `system` is the connection when left out. */
  readonly raises?: readonly Complaint[];
  /** Conditions that this page showed to be over. */
  readonly clears?: readonly Pick<Complaint, 'code' | 'subject'>[];
  /** Sent when the page is committed. `requires`: ids of the facts since the poll before, and its. */
  completed?(requires: string[]): object;
}

/** An exception to raise; the code is in EXCEPTIONS of libs/domain. */
export interface Complaint {
  readonly code: ExceptionCode;
  readonly subject: string;
  readonly system?: string;
  /** Plain English, no personal data. */
  readonly cause: string;
}

/** A scheduled read of what changed since a mark; the net under the webhooks. */
export interface Feed {
  readonly name: string;
  readonly everyMs: number;
  /** Shortest pause between two runs when woken by webhooks. */
  readonly minPauseMs: number;
  /** `mark` is null on the first run. `woken` tells a webhook's wake-up from the schedule. */
  poll(mark: string | null, woken: boolean): AsyncIterable<PollPage>;
}

export interface RawWebhook {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A webhook is a nudge: it names what to fetch and which feeds to run, never what is true. */
export type WebhookVerdict =
  | {
      readonly ok: true;
      readonly eventId: string;
      readonly topic: string;
      readonly keys: readonly EntityKey[];
      readonly wakes?: readonly string[];
    }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly detail: string };

/** Vendor data kept for joins: refs are small JSON values by (connection, kind, key). */
export interface Ref {
  readonly kind: string;
  readonly key: string;
  /** Null forgets the ref. */
  readonly value: unknown;
  /** Forgotten after so many days without another `put`; kept for ever when left out. */
  readonly keepDays?: number;
}

/** The refs of one connection. Those in a page or a result are written with it, in one commit. */
export interface Refs {
  get<T>(kind: string, keys: readonly string[]): Promise<Map<string, T>>;
  put(refs: readonly Ref[]): Promise<void>;
}

/** Asks another service a question; `Asker` of libs/messaging does. */
export interface Questions {
  ask<A>(question: object, to?: { connection?: string; timeoutMs?: number }): Promise<A>;
}

/** What the core gives a vendor: `create<Vendor>(connection, tools)` builds one from it. */
export interface VendorTools {
  /** Bound to the connection. */
  readonly refs: Refs;
  readonly asker: Questions;
  readonly logger: Logger;
  readonly clock: { now(): number };
  /**
   * Divide our own waits for something at the vendor by it (1 but in the trading day). Schedules in
   * the configuration and a vendor's Retry-After are taken as they are.
   */
  readonly timeScale: number;
  readonly configuration: Configuration;
}

/** One run of an act. */
export interface ActRun {
  /** 1 on the first try. */
  readonly attempt: number;
  /**
   * Runs `work` once: its result is stored before the next step, and a run after a crash gets the
   * stored result instead.
   */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** The value of the first call, stored before any vendor call: the byte-identical request. */
  fixed<T>(name: string, make: () => Promise<T> | T): Promise<T>;
}

export interface ActResult {
  /** Result events. Given the revisions that `observations` got, by `kind|id`. */
  messages(revisions: ReadonlyMap<string, number>): object[];
  readonly observations?: readonly Observation[];
  readonly refs?: readonly Ref[];
}

/** One outside act: a command class and how it is done at this vendor. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any command
export interface Act<C = any> {
  readonly command: MessageClass<C>;
  /** @throws Failure with `afterMs` to be run again later, with 'never' to be refused. */
  perform(command: C, run: ActRun): Promise<ActResult>;
  /** Result events when it was refused for good. */
  refused(command: C, failure: Failure): object[];
  /** Result events when the connection only observes. */
  notSent(command: C): object[];
}

/** What of the vendor's stock is read anew: everything, what moved since, or some SKUs, whole. */
export interface StockQuestion {
  /** ISO 8601. */
  readonly since?: string;
  readonly skus?: readonly string[];
  /** `next` of the page before. */
  readonly after?: string;
}

/** Which orders of the vendor are listed: those made since a moment, or some by their ids. */
export interface OrdersQuestion {
  /** ISO 8601. */
  readonly since?: string;
  readonly posOrderIds?: readonly string[];
  /** `next` of the page before. */
  readonly after?: string;
}

/** A vendor account as the core drives it: one for each configured connection. */
export interface Vendor {
  readonly connection: AnyConnection;
  readonly feeds: readonly Feed[];
  readonly acts: readonly Act[];
  /** Acts run at once. */
  readonly actConcurrency: number;
  /** Read in a lane of their own beside all the rest: there is much of it and it can wait. */
  readonly aside: { readonly feeds: readonly string[]; readonly kinds: readonly string[] };
  /**
   * What has to be read, and told, anew when our locations are others of the vendor's: marks of feeds,
   * what was told of entities, refs that say what was told.
   */
  readonly mapped?: {
    readonly feeds: readonly string[];
    readonly kinds: readonly string[];
    readonly refs: readonly string[];
  };
  /** Keys of one kind that one fetch takes. */
  fetchBatch(kind: string): number;
  /** Reads the entities whole and translates them. What is gone is observed as deleted. */
  fetch(keys: readonly EntityKey[]): Promise<Observation[]>;
  /**
   * One page of figures, read when nothing else wants the budget; left out by a vendor without any.
   *
   * @throws Failure 'never' when `after` is not known any more.
   */
  readStock?(question: StockQuestion): Promise<MasterStockPage | ChannelStockPage>;
  /**
   * One page of orders that are ours or of the trade, read when nothing else wants the budget; left
   * out by a vendor without any.
   *
   * @throws Failure 'never' when `after` is not known any more.
   */
  readOrders?(question: OrdersQuestion): Promise<PosOrderPage | TradeOrderPage>;
  verify(webhook: RawWebhook): WebhookVerdict;
  /** Registers webhooks and checks credentials; run at start and daily. */
  connect(): Promise<void>;
  /** Calls that wait for the budget. */
  callsWaiting(): number;
  /** False while the connector leaves: calls that wait fail at once, those under way come to their end. */
  mayWait(allowed: boolean): void;
}
