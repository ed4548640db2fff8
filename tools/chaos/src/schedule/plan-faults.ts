import { SERVICES, type ServiceName } from '@tillbridge/contracts';
import { randomSequence, type SimulatedVendor } from '@tillbridge/simulators';

/** What may be broken, in the words of the command line. */
export const FAULT_GROUPS = ['nats', 'postgres', 'services', 'wipe', 'vendors'] as const;
export type FaultGroup = (typeof FAULT_GROUPS)[number];

/** A process of the hub. */
export type Victim = 'nats' | 'postgres' | ServiceName;
export const VICTIMS: readonly Victim[] = ['nats', 'postgres', ...SERVICES];

const VENDORS: readonly SimulatedVendor[] = ['shopify', 'square', 'sparklayer'];

interface Span {
  /** From the beginning of trade. */
  readonly atMs: number;
  /** Until it is started, let go or there again. */
  readonly lastsMs: number;
}

interface OfProcess extends Span {
  readonly target: Victim;
  /** Which member of a NATS cluster, counted from 0 and modulo its size. */
  readonly node: number;
}

export type Fault =
  /** SIGKILL. */
  | (OfProcess & { readonly kind: 'kill' })
  /** SIGSTOP. */
  | (OfProcess & { readonly kind: 'pause' })
  /** NATS is killed with all members, and its data deleted. */
  | (Span & {
      readonly kind: 'wipe';
      readonly target: 'nats';
      /** Killed first, so that the streams hold messages that it has not read. */
      readonly reader: ServiceName;
      readonly unreadMs: number;
    })
  | (Span & {
      readonly kind: 'outage';
      readonly target: SimulatedVendor;
      readonly how: 'refuses' | 'unavailable';
    });

export interface FaultOptions {
  readonly seed: number;
  readonly minutes: number;
  /** All of them unless said. */
  readonly only?: readonly FaultGroup[];
}

const KILLS_A_MINUTE = 5;
const MINUTES_A_WIPE = 5;
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [3_000, 30_000];
const [SHORTEST_OUTAGE_MS, LONGEST_OUTAGE_MS] = [3_000, 20_000];
/** What vendors say goes to these two, whatever else is going on. */
const READERS: readonly ServiceName[] = ['inventory', 'orders'];
/** How long messages pile up in the streams before they are deleted. */
const [SHORTEST_UNREAD_MS, LONGEST_UNREAD_MS] = [3_000, 4_000];
/** How long a killed process stays down: what a scheduler takes to notice. */
const [SHORTEST_DOWN_MS, LONGEST_DOWN_MS] = [200, 2_000];

/**
 * Decides what breaks when, in the order in which it does: the same options, the same faults.
 *
 * Kills and wipes come one after the other, each anywhere in a stretch of its own, so that their
 * number is certain and their moment is not. Pauses and outages lie over them as they fall, at
 * most one of each kind in a minute: a frozen process may be killed, a kill may meet an outage.
 */
export function planFaults({ seed, minutes, only = FAULT_GROUPS }: FaultOptions): Fault[] {
  const chance = new Chance(seed);
  const victims = VICTIMS.filter((victim) =>
    only.includes(victim === 'nats' || victim === 'postgres' ? victim : 'services'),
  );
  const tradeMs = minutes * 60_000;
  return [
    ...planKills(chance, victims, only.includes('wipe'), tradeMs),
    ...(victims.length === 0 ? [] : planPauses(chance, victims, tradeMs)),
    ...(only.includes('vendors') ? planOutages(chance, tradeMs) : []),
  ].sort((a, b) => a.atMs - b.atMs);
}

function planKills(
  chance: Chance,
  victims: readonly Victim[],
  withWipes: boolean,
  tradeMs: number,
): Fault[] {
  const minutes = tradeMs / 60_000;
  const kills = victims.length === 0 ? 0 : Math.max(1, Math.ceil(minutes * KILLS_A_MINUTE));
  const wipes = withWipes ? Math.max(1, Math.round(minutes / MINUTES_A_WIPE)) : 0;
  const stretches = kills + wipes;
  const stretchMs = tradeMs / Math.max(1, stretches);
  const wiped = new Set<number>();
  // Not among the first, when there is nothing yet that a wipe could lose.
  const earliest = Math.min(Math.floor(stretches / 4), stretches - wipes);
  while (wiped.size < wipes) wiped.add(chance.between(earliest, stretches - 1));
  const bag = chance.bag(victims);
  const readers = chance.bag(READERS);
  return Array.from({ length: stretches }, (_, at): Fault => {
    const unreadMs = wiped.has(at) ? chance.between(SHORTEST_UNREAD_MS, LONGEST_UNREAD_MS) : 0;
    const lastsMs = unreadMs + chance.between(SHORTEST_DOWN_MS, LONGEST_DOWN_MS);
    // The end of a stretch is left to coming back, so that the next one finds somebody to kill.
    const latestMs = Math.max(0, stretchMs * 0.6 - lastsMs);
    const atMs = Math.round(at * stretchMs + chance.between(0, latestMs));
    if (wiped.has(at)) {
      return { kind: 'wipe', target: 'nats', reader: readers(), unreadMs, atMs, lastsMs };
    }
    return { kind: 'kill', target: bag(), node: chance.between(0, 59), atMs, lastsMs };
  });
}

function planPauses(chance: Chance, victims: readonly Victim[], tradeMs: number): Fault[] {
  const bag = chance.bag(victims);
  return minutesOf(tradeMs).map(([beginMs, spanMs]): Fault => {
    const span = chance.span(beginMs, spanMs, SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
    return { kind: 'pause', target: bag(), node: chance.between(0, 59), ...span };
  });
}

function planOutages(chance: Chance, tradeMs: number): Fault[] {
  const bag = chance.bag(VENDORS);
  return minutesOf(tradeMs).map(([beginMs, spanMs]): Fault => {
    const span = chance.span(beginMs, spanMs, SHORTEST_OUTAGE_MS, LONGEST_OUTAGE_MS);
    const how = chance.between(0, 1) === 0 ? 'refuses' : 'unavailable';
    return { kind: 'outage', target: bag(), how, ...span };
  });
}

/** The minutes of trade, each as its beginning and length; a broken one counts as one. */
function minutesOf(tradeMs: number): [beginMs: number, spanMs: number][] {
  const count = Math.max(1, Math.round(tradeMs / 60_000));
  const spanMs = tradeMs / count;
  return Array.from({ length: count }, (_, at) => [at * spanMs, spanMs]);
}

class Chance {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = randomSequence(seed);
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    const [low, high] = [Math.ceil(min), Math.max(Math.ceil(min), Math.floor(max))];
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Something that begins and ends between the two, as long as allowed if there is room for it. */
  span(beginMs: number, spanMs: number, shortestMs: number, longestMs: number): Span {
    const room = Math.floor(spanMs * 0.9);
    const lastsMs = Math.min(this.between(shortestMs, longestMs), room);
    return { atMs: Math.floor(beginMs) + this.between(0, room - lastsMs), lastsMs };
  }

  /** Draws all before it draws one again. */
  bag<T>(all: readonly T[]): () => T {
    let left: T[] = [];
    return () => {
      if (left.length === 0) left = [...all];
      const [drawn] = left.splice(this.between(0, left.length - 1), 1);
      return drawn as T;
    };
  }
}
