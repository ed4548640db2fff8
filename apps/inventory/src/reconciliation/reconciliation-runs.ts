import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Failure } from '@tillbridge/contracts';
import { Database, type Transaction } from '@tillbridge/postgres';
import { Clock, CONFIGURATION, Settings, Timers, type Configuration } from '@tillbridge/runtime';
import { v7 as uuidv7 } from 'uuid';
import { ChannelMap } from '../merchant/channel-map.js';
import { skusToLookAtAgain } from './difference-book.js';
import { countMissedAgain, findMissing, forgetMentions } from './missing-figures.js';
import {
  closeRun,
  lastCompleteStart,
  lookAgain,
  openReadings,
  openRun,
  readOpenRun,
  readReadings,
  readRunTimes,
  type Run,
} from './run-book.js';
import { DifferenceSettlement } from './settle-differences.js';
import { StockComparison } from './stock-comparison.js';

const WORK_MS = 1_000;
const SCHEDULE_MS = 10_000;
/** Vendors date changes by their own clocks, and show them a little late. */
const OVERLAP_MS = 120_000;
/** A fact comes with its webhook or with the poll behind it, in two polls at the latest. */
const POLLS = 2;

/** Compares every master and channel with the hub: what changed, often, and everything at night. */
@Injectable()
export class ReconciliationRuns implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly comparison: StockComparison,
    private readonly settlement: DifferenceSettlement,
    private readonly channels: ChannelMap,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly timers: Timers,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  onApplicationBootstrap(): void {
    const faster = Math.min(10, this.settings.timeScale);
    this.timers.every('reconcile-stock', WORK_MS / faster, () => this.work());
    this.timers.every('reconcile-schedule', SCHEDULE_MS / faster, () => this.beginWhenDue());
  }

  /** Begins what is due by the configuration, and lets a run that is under way come to its end. */
  async beginWhenDue(): Promise<void> {
    const { everyMinutes, nightlyAt } = this.configuration.reconciliation;
    const everyMs = everyMinutes * 60_000;
    const now = this.clock.now();
    const { open, lastAt, lastAllAt, wishedAt } = await readRunTimes(this.database);
    if (open) return;
    const due = latestNight(now, nightlyAt);
    if (lastAllAt === null || lastAllAt < due || (wishedAt !== null && lastAllAt <= wishedAt)) {
      await this.begin('all', 'schedule');
    } else if (lastAt === null || now.getTime() - lastAt.getTime() >= everyMs) {
      await this.begin('changed', 'schedule');
    }
  }

  /**
   * Begins a run. What changed is everything until a run has seen everything.
   *
   * @throws Failure `not-ready` while another run is under way.
   */
  async begin(scope: 'changed' | 'all', askedBy: 'schedule' | 'person'): Promise<string> {
    return this.database.inTransaction(async (tx) => {
      const startedAt = this.clock.now();
      const last = scope === 'all' ? null : await lastCompleteStart(tx);
      const overlapMs = OVERLAP_MS / this.settings.timeScale;
      const since = last === null ? null : new Date(last.getTime() - overlapMs);
      const runId = uuidv7();
      const run = { runId, scope: since === null ? ('all' as const) : scope, since, startedAt };
      const compared = this.comparison.systems.map(({ connectionId }) => connectionId);
      if (await openRun(tx, { ...run, look: 1, askedBy }, compared)) return runId;
      throw new Failure('not-ready', { afterMs: 10_000 }, 'another comparison is under way');
    });
  }

  /** Moves the run under way on as far as it goes. */
  async work(): Promise<void> {
    for (;;) {
      const run = await readOpenRun(this.database);
      if (run === undefined) return;
      await this.comparison.readOn(run);
      if (!(await this.database.inTransaction((tx) => this.advance(tx)))) return;
    }
  }

  /** True when the run has come further. */
  private async advance(tx: Transaction): Promise<boolean> {
    const run = await readOpenRun(tx, true);
    if (run === undefined) return false;
    const readings = await readReadings(tx, run);
    if (readings.some(({ ended }) => !ended)) return false;
    const now = this.clock.now();
    for (const reading of readings) {
      const look = this.comparison.lookOf(reading);
      if (look === undefined || reading.failure !== null) continue;
      if (reading.skus !== null) await countMissedAgain(tx, look, reading.skus, now);
      else if (run.scope === 'all') {
        const { systems } = this.comparison;
        const system = systems.find((each) => each.connectionId === reading.connectionId);
        await findMissing(tx, look, system?.places ?? [], now);
      }
    }
    await forgetMentions(tx, run.runId);
    if (run.look === 1 && (await this.hasToLookAgain(tx, run, now))) return true;
    const differences = await this.settlement.settle(tx, run.runId);
    await closeRun(tx, run.runId, { at: now, differences });
    return true;
  }

  /** A second look a while later tells what was on its way from what stands. */
  private async hasToLookAgain(tx: Transaction, run: Run, now: Date): Promise<boolean> {
    const compared = this.comparison.systems.map(({ connectionId }) => connectionId);
    const skus = await skusToLookAtAgain(tx, compared, this.channels.publishedConnections);
    if (skus.size === 0) return false;
    const pollMs =
      Math.max(...this.configuration.connections.map((each) => each.pollSeconds)) * 1_000;
    const notBefore = new Date(now.getTime() + POLLS * pollMs);
    await lookAgain(tx, run.runId);
    await openReadings(tx, { runId: run.runId, look: 2 }, skus, notBefore);
    return true;
  }
}

/** The latest moment, not after now, at which a night's run was due. `at` is 'HH:MM' in UTC. */
function latestNight(now: Date, at: string): Date {
  const today = new Date(`${now.toISOString().slice(0, 10)}T${at}:00.000Z`);
  return today <= now ? today : new Date(today.getTime() - 86_400_000);
}
