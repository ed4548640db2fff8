import { Injectable } from '@nestjs/common';
import { StockCounted } from '@tillbridge/contracts';
import {
  classifyDifference,
  explainDifference,
  explainEnd,
  remedyFor,
  withObservation,
  type ChannelFigure,
  type DifferenceClass,
  type ExceptionCode,
  type LedgerCause,
  type StockDifference,
} from '@tillbridge/domain';
import type { NewException, Transaction } from '@tillbridge/postgres';
import { Clock } from '@tillbridge/runtime';
import { ChannelMap } from '../merchant/channel-map.js';
import { settlePublications } from '../publication/availability.js';
import { publicationKey, readPublications } from '../publication/publication-rows.js';
import { StockIntake } from '../stock/stock-intake.js';
import { readLevelsOfSkus } from '../stock/stock-levels.js';
import { takeTurn } from '../stock/take-turn.js';
import {
  differenceKey,
  readCauses,
  readEnded,
  readOpenDifferences,
  saveDecided,
  type Decided,
  type DifferenceKey,
  type OpenDifference,
} from './difference-book.js';

/** Exceptions that one run opens at most: what is wrong everywhere is told in turns. */
const TOLD_A_RUN = 500;

interface Judged {
  readonly open: OpenDifference;
  readonly difference: StockDifference;
  readonly reason: DifferenceClass;
}

/** Decides what the differences of a run mean, heals what is the hub's to heal, and tells the rest. */
@Injectable()
export class DifferenceSettlement {
  constructor(
    private readonly channels: ChannelMap,
    private readonly stock: StockIntake,
    private readonly clock: Clock,
  ) {}

  /** Returns how many there are of each class. */
  async settle(tx: Transaction, runId: string): Promise<Record<string, number>> {
    await takeTurn(tx);
    await this.tellEnds(tx, runId);
    const open = await readOpenDifferences(tx, runId, this.channels.all);
    const judged = await this.judge(tx, open);
    const causes = await readCauses(tx, open);
    const decided = judged.map((each) => this.decide(each, causes));
    await this.heal(tx, judged, runId);
    await this.tell(tx, judged, decided);
    return countByReason(judged);
  }

  private async judge(tx: Transaction, open: readonly OpenDifference[]): Promise<Judged[]> {
    const counted = await this.countedOf(
      tx,
      open.filter((each) => each.counted === null && each.side === 'channel'),
    );
    const { products, publishedConnections } = this.channels;
    return open.map((each) => {
      const difference: StockDifference = {
        ...each,
        counted: each.counted ?? (each.side === 'master' || counted.has(each.sku)),
        placeSilent: each.sku === '',
        crossed: each.crossedWith !== null,
        packFactors: packFactorsOf(products, each.sku),
        hubWrites: each.side === 'channel' && publishedConnections.includes(each.connectionId),
      };
      return { open: each, difference, reason: classifyDifference(difference) };
    });
  }

  /** Channel SKUs that the hub has no row of, and of which masters count every part. */
  private async countedOf(tx: Transaction, rows: readonly DifferenceKey[]): Promise<Set<string>> {
    if (rows.length === 0) return new Set();
    const { products } = this.channels;
    const parts = rows.flatMap(({ sku }) => products.partsOf(sku)).map(({ sku }) => sku);
    const levels = [...(await readLevelsOfSkus(tx, new Set(parts))).values()];
    const known = new Set(levels.map(({ sku }) => sku));
    const whole = rows.filter(({ sku }) =>
      products.partsOf(sku).every((part) => known.has(part.sku)),
    );
    return new Set(whole.map(({ sku }) => sku));
  }

  private decide(
    { open, difference, reason }: Judged,
    causes: ReadonlyMap<string, readonly LedgerCause[]>,
  ): Decided {
    const { connectionId, place, sku, side } = open;
    const { act, exception } = remedyFor(difference, reason);
    const story = {
      place: `${connectionId} ${place}`,
      causes: causes.get(differenceKey(open)) ?? [],
      crossedWith: open.crossedWith,
    };
    // A channel that the hub sets is right only when it shows what was set, which a later look sees.
    const ended = act === 'take-figure' && (side === 'master' || !difference.hubWrites);
    const explanation = explainDifference(difference, reason, story, this.clock.now().getTime());
    return { connectionId, place, sku, reason, explanation, exception: exception ?? null, ended };
  }

  private async heal(tx: Transaction, judged: readonly Judged[], runId: string): Promise<void> {
    const taken = judged.filter(
      ({ difference, reason }) => remedyFor(difference, reason).act === 'take-figure',
    );
    const counts = taken.filter(({ open }) => open.side === 'master').map(toCount);
    if (counts.length > 0) {
      await this.stock.take(
        tx,
        counts.map((data) => ({ id: runId, subject: '', consumer: '', time: '', data })),
      );
    }
    await this.takeObserved(
      tx,
      taken.filter(({ open }) => open.side === 'channel').map(({ open }) => open),
    );
  }

  /**
   * What a channel shows becomes what the hub knows of it; what is wrong is then published over it.
   * The revision stays: whatever the channel's own facts say comes after it.
   */
  private async takeObserved(tx: Transaction, open: readonly OpenDifference[]): Promise<void> {
    const now = this.clock.now();
    const seen = open.map(({ connectionId, place, sku, seenUnits }) => {
      const at = { connectionId, channelLocationId: place, sku };
      return { ...at, availableUnits: seenUnits ?? 0, revision: 0 };
    });
    const held = await readPublications(tx, seen);
    const rows = seen.flatMap((each): ChannelFigure[] => {
      const row = held.get(publicationKey(each)) ?? withObservation(undefined, each, now);
      return row === undefined ? [] : [{ ...row, observedUnits: each.availableUnits, since: now }];
    });
    const before = seen.map((each) => held.get(publicationKey(each)));
    await settlePublications(tx, this.channels, before, rows, now);
  }

  private async tell(
    tx: Transaction,
    judged: readonly Judged[],
    decided: readonly Decided[],
  ): Promise<void> {
    let told = 0;
    const raised: NewException[] = [];
    const over: { code: ExceptionCode; subject: string }[] = [];
    const saved = decided.map((each, at): Decided => {
      const before = judged[at]?.open.exception ?? null;
      const subject = subjectOf(each);
      if (before !== null && before !== each.exception) {
        over.push({ code: before as ExceptionCode, subject });
      }
      if (each.exception === null || each.exception === before) return each;
      told += 1;
      if (told > TOLD_A_RUN) return { ...each, exception: null };
      const code = each.exception as ExceptionCode;
      raised.push({ code, subject, system: each.connectionId, cause: each.explanation });
      return each;
    });
    await tx.clear(over);
    await tx.raise(raised);
    await saveDecided(tx, saved, this.clock.now());
  }

  /** Takes back what people were told of, and says of the rest why it was there for a while. */
  private async tellEnds(tx: Transaction, runId: string): Promise<void> {
    const ended = await readEnded(tx, runId);
    await tx.clear(
      ended.flatMap(({ exception, ...key }) =>
        exception === null ? [] : [{ code: exception as ExceptionCode, subject: subjectOf(key) }],
      ),
    );
    const causes = await readCauses(tx, ended);
    const now = this.clock.now();
    const decided = ended.map(({ connectionId, place, sku, reason }): Decided => {
      const key = { connectionId, place, sku };
      const story = { place, causes: causes.get(differenceKey(key)) ?? [], crossedWith: null };
      const explanation = explainEnd(story, now.getTime());
      return { ...key, reason: reason ?? 'in-flight', explanation, exception: null, ended: true };
    });
    await saveDecided(tx, decided, now);
  }
}

/** How people are told which figure it is. */
function subjectOf({ connectionId, place, sku }: DifferenceKey): string {
  return sku === '' ? `${connectionId} ${place}` : `${sku} at ${connectionId} ${place}`;
}

/** Revision 0: whatever the master's own fact of the same clock says comes after it. */
function toCount({ open }: Judged): StockCounted {
  return Object.assign(new StockCounted(), {
    connectionId: open.connectionId,
    locationId: open.place,
    sku: open.sku,
    onHandUnits: open.seenUnits ?? 0,
    countedAt: open.seenAt ?? '',
    revision: 0,
    causes: [],
  });
}

/** Sizes of the packs that a SKU is, or that are made of it alone. */
function packFactorsOf(products: ChannelMap['products'], sku: string): number[] {
  const packs = [sku, ...products.dependantsOf(sku)].map((each) => products.partsOf(each));
  return packs.flatMap((parts) => {
    const [only, ...more] = parts;
    return only === undefined || more.length > 0 || only.units === 1 ? [] : [only.units];
  });
}

function countByReason(judged: readonly Judged[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of judged) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
