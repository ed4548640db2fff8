import { setMaxListeners } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningDay } from '@tillbridge/day';
import type { Disturbance, Kill } from '../findings/recovery.js';
import type { Fault, Victim } from '../schedule/plan-faults.js';
import { hubProcesses } from './hub-processes.js';
import { ProcessKeeper } from './process-keeper.js';
import { rebuildOutboxes } from './rebuild-outboxes.js';

const WATCH_MS = 500;
const REBUILD_WITHIN_MS = 240_000;
/** Early enough for all of the day: what is repeated costs time and nothing else. */
const REBUILT_BEFORE_MS = 24 * 3_600_000;

type Of<K extends Fault['kind']> = Extract<Fault, { readonly kind: K }>;

/** Lets the faults of a schedule happen to a day, and mends what they broke. */
export class PlayFaults {
  readonly kills: Kill[] = [];
  readonly disturbances: Disturbance[] = [];
  readonly wipes: Kill[] = [];
  pauses = 0;
  outages = 0;
  /** Services that ended although nobody killed them. */
  crashes = 0;
  /** Faults that could not be played to their end, in words. */
  readonly troubles: string[] = [];
  private readonly keepers: Map<Victim, readonly ProcessKeeper[]>;
  private readonly beganMs = Date.now();
  private readonly stopped = endingMany();
  private readonly watching: NodeJS.Timeout;
  private readonly playing: Promise<unknown>;

  constructor(
    faults: readonly Fault[],
    private readonly day: RunningDay,
    private readonly report: (line: string) => void,
  ) {
    this.keepers = new Map(
      [...hubProcesses(day.hub)].map(([target, processes]) => {
        const onThawed = (fromMs: number, untilMs: number): void => {
          this.disturbances.push({ target, fromMs, untilMs });
        };
        return [
          target,
          processes.map((one) => new ProcessKeeper(one, onThawed, this.stopped.signal)),
        ];
      }),
    );
    if (this.keepers.get('nats')?.length === 0) throw new Error(NATS_IS_NOT_OURS);
    this.watching = setInterval(() => this.restartCrashed(), WATCH_MS);
    this.playing = Promise.allSettled(faults.map((fault) => this.playInTime(fault)));
  }

  /** Waits for all faults to be over, and for every process to be ready again. */
  async mend(): Promise<void> {
    await this.playing;
    this.day.market.world.outages.clear();
    for (const keeper of this.all()) keeper.thaw();
    clearInterval(this.watching);
    await Promise.all(
      this.all()
        .filter(({ process }) => !process.running())
        .map((keeper) => keeper.bringBack()),
    );
  }

  /** Nothing more happens: what is down stays down, and what was being started ends. */
  async stop(): Promise<void> {
    this.stopped.abort();
    clearInterval(this.watching);
    await this.playing;
    await Promise.all(this.all().map((keeper) => keeper.end()));
  }

  private all(): ProcessKeeper[] {
    return [...this.keepers.values()].flat();
  }

  private async playInTime(fault: Fault): Promise<void> {
    await this.wait(fault.atMs);
    try {
      await this.play(fault);
    } catch (error) {
      if (this.stopped.signal.aborted) return;
      const words = `${fault.kind} ${fault.target} went wrong: ${wordsOf(error)}`;
      this.troubles.push(words);
      this.say(words);
    }
  }

  private play(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'kill':
        return this.kill(fault);
      case 'pause':
        return this.pause(fault);
      case 'wipe':
        return this.wipe(fault);
      case 'outage':
        return this.takeAway(fault);
    }
  }

  private async kill({ target, node, lastsMs }: Of<'kill'>): Promise<void> {
    const keeper = this.keeper(target, node);
    const atMs = Date.now();
    if (!(await keeper.kill())) {
      this.say(`${keeper.process.name} was down already`);
      return;
    }
    this.say(`kill -9 ${keeper.process.name}, down for ${seconds(lastsMs)}`);
    await this.wait(lastsMs);
    const readyMs = await keeper.bringBack();
    this.kills.push({ target, atMs, readyMs });
    this.say(`${keeper.process.name} is ready, ${seconds(readyMs - atMs)} after its kill`);
  }

  private async pause({ target, node, lastsMs }: Of<'pause'>): Promise<void> {
    const keeper = this.keeper(target, node);
    if (!(await keeper.freeze())) {
      this.say(`${keeper.process.name} is down and cannot be frozen`);
      return;
    }
    this.pauses += 1;
    this.say(`SIGSTOP ${keeper.process.name} for ${seconds(lastsMs)}`);
    await this.wait(lastsMs);
    keeper.thaw();
    this.say(`SIGCONT ${keeper.process.name}`);
  }

  /** All members at once: what a part of a cluster loses, the others give back by themselves. */
  private async wipe({ reader, unreadMs, lastsMs }: Of<'wipe'>): Promise<void> {
    const { hub } = this.day;
    const members = this.keepers.get('nats') ?? [];
    const away = this.keeper(reader, 0);
    await away.kill();
    this.say(`kill -9 ${reader}: for ${seconds(unreadMs)} nobody reads what is for it`);
    await this.wait(unreadMs);
    await Promise.all(members.map((keeper) => keeper.kill()));
    const atMs = Date.now();
    const downMs = lastsMs - unreadMs;
    this.say(`kill -9 NATS and delete its data, down for ${seconds(downMs)}`);
    await this.wait(downMs);
    for (const { storeDir } of hub.embedded.servers.nats) {
      await rm(storeDir, { recursive: true, force: true });
    }
    await Promise.all(members.map((keeper) => keeper.bringBack()));
    const beganMs = Date.now();
    this.wipes.push({ target: 'nats', atMs, readyMs: beganMs });
    await this.provision();
    this.say('NATS is ready and has nothing but empty streams');
    await away.bringBack();
    const since = new Date(beganMs - REBUILT_BEFORE_MS);
    const giveUpAtMs = beganMs + REBUILD_WITHIN_MS;
    const { signal } = this.stopped;
    const messages = await rebuildOutboxes(hub.queries, since, giveUpAtMs, signal);
    const took = seconds(Date.now() - beganMs);
    this.say(`All services noticed and are done: ${messages} messages again in ${took}`);
  }

  private async takeAway({ target, how, lastsMs }: Of<'outage'>): Promise<void> {
    const { outages } = this.day.market.world;
    const fromMs = Date.now();
    outages.set(target, how);
    this.outages += 1;
    const words = how === 'refuses' ? 'breaks connections' : 'answers 503';
    this.say(`${target} ${words} for ${seconds(lastsMs)}`);
    await this.wait(lastsMs);
    outages.delete(target);
    this.disturbances.push({ target, fromMs, untilMs: Date.now() });
    this.say(`${target} is there again`);
  }

  /** NATS may be killed in the middle of it, or have no leader yet. */
  private async provision(): Promise<void> {
    const giveUpAtMs = Date.now() + REBUILD_WITHIN_MS;
    for (;;) {
      try {
        await this.day.hub.embedded.provision();
        return;
      } catch (error) {
        if (Date.now() > giveUpAtMs) throw error;
        this.say(`Provisioning has to begin again: ${wordsOf(error)}`);
        await this.wait(1_000);
      }
    }
  }

  private restartCrashed(): void {
    for (const keeper of this.all().filter(({ crashed }) => crashed)) {
      this.crashes += 1;
      this.say(`${keeper.process.name} ended by itself`);
      keeper.bringBack().catch((error: unknown) => this.say(wordsOf(error)));
    }
  }

  private wait(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.stopped.signal });
  }

  private keeper(target: Victim, node: number): ProcessKeeper {
    const keepers = this.keepers.get(target) ?? [];
    const keeper = keepers[node % keepers.length];
    if (keeper === undefined) throw new Error(`There is no ${target} in this hub`);
    return keeper;
  }

  private say(line: string): void {
    const atS = ((Date.now() - this.beganMs) / 1_000).toFixed(1);
    this.report(`${atS.padStart(6)} s  ${line}`);
  }
}

const NATS_IS_NOT_OURS =
  'NATS_URL names a server that is not ours to kill. Unset it, and one is started.';

/** Each fault of a schedule waits for its moment or the end. */
function endingMany(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 3).join(' ');
