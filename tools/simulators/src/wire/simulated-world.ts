import { FAULTS, FaultDice } from './fault-dice.js';
import type { FaultLevel } from './fault-dice.js';

export type SimulatedVendor = 'shopify' | 'sparklayer' | 'square';

/** How a vendor is away: connections break, or everything is answered with 503. */
export type Outage = 'refuses' | 'unavailable';

/** A call that reached a simulator. Writes are all here; a read is here as `read:<feed>`. */
export interface JournalEntry {
  readonly atMs: number;
  readonly vendor: SimulatedVendor;
  readonly call: string;
  /** False when the simulator refused it, for whatever reason, an injected fault included. */
  readonly accepted: boolean;
  readonly detail: unknown;
}

/** Every change of truth at a vendor, by whomever: what the oracle computes from. */
export interface StockEffect {
  readonly id: number;
  readonly atMs: number;
  readonly vendor: 'shopify' | 'square';
  readonly kind:
    | 'till-sale'
    | 'till-return'
    | 'receipt'
    | 'waste'
    | 'count'
    | 'deduct'
    | 'adjust'
    | 'order-placed'
    | 'order-cancelled'
    | 'order-edited'
    | 'draft-placed'
    | 'draft-completed'
    | 'draft-deleted'
    | 'fulfilled'
    | 'refunded'
    | 'fulfilment-cancelled';
  readonly locationId?: string;
  /** The vendor's order or draft id. */
  readonly ref?: string;
  /**
   * Square: signed change of the count, out is below zero. Shopify: the quantity ordered; refunded: what
   * is on sale again.
   */
  readonly lines: readonly { readonly sku: string; readonly units: number }[];
  /** When a webhook about it was first answered with 2xx; null until then, or for ever if lost. */
  deliveredAtMs: number | null;
}

/** What all simulators of one run share. */
export interface SimulatedWorld {
  readonly seed: number;
  /** Vendors' delays and retry schedules are divided by this; rate limits are not. */
  readonly timeScale: number;
  readonly currency: string;
  readonly dice: FaultDice;
  readonly journal: JournalEntry[];
  readonly effects: StockEffect[];
  /** Vendors that are away: whoever calls them, for whatever, is not served. */
  readonly outages: Map<SimulatedVendor, Outage>;
  /** Real epoch milliseconds. */
  now(): number;
}

export function createWorld(options: {
  seed: number;
  timeScale?: number;
  currency?: string;
  faults?: FaultLevel;
  now?: () => number;
}): SimulatedWorld {
  return {
    seed: options.seed,
    timeScale: options.timeScale ?? 1,
    currency: options.currency ?? 'GBP',
    dice: new FaultDice(options.seed, FAULTS[options.faults ?? 'off']),
    journal: [],
    effects: [],
    outages: new Map(),
    now: options.now ?? Date.now,
  };
}

/** Writes a call into the journal. */
export function recordCall(world: SimulatedWorld, entry: Omit<JournalEntry, 'atMs'>): void {
  world.journal.push({ atMs: world.now(), ...entry });
}

/** Writes down a change of truth; the caller sets `deliveredAtMs` when a webhook got through. */
export function recordEffect(
  world: SimulatedWorld,
  effect: Omit<StockEffect, 'id' | 'atMs' | 'deliveredAtMs'>,
): StockEffect {
  const recorded = {
    id: world.effects.length + 1,
    atMs: world.now(),
    ...effect,
    deliveredAtMs: null,
  };
  world.effects.push(recorded);
  return recorded;
}
