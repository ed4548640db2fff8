import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { headers as emptyHeaders, type NatsConnection } from '@nats-io/transport-node';
import { connectNats, JetStreamPublisher } from '@tillbridge/messaging';
import type { OutgoingMessage } from '@tillbridge/runtime';
import type { Servers } from './servers.js';

/** One side's way in and out of the stream EVENTS. */
export interface Road {
  readonly consumers: readonly string[];
  /** A subject, with wildcards where several kinds come out. */
  readonly outSubject: string;
}

export interface Standing {
  /** Messages that came out so far. */
  readonly out: number;
  /** Messages that wait to be taken, or were taken and not acked. */
  readonly left: number;
}

const STREAM = 'EVENTS';
/** Nothing may take longer than this. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 10;
const LONG_MS = 3_600_000;

/** Puts messages into the stream, and sees what has come through. */
export class StreamTraffic {
  private constructor(
    private readonly nats: NatsConnection,
    private readonly manager: JetStreamManager,
  ) {}

  static async open(servers: Servers): Promise<StreamTraffic> {
    const nats = await connectNats({ ...servers.nats, name: 'bench' });
    return new StreamTraffic(nats, await jetstreamManager(nats));
  }

  close(): Promise<void> {
    return this.nats.close();
  }

  /** Makes a consumer of other subjects, in everything else like the one that is there. */
  async addConsumer(name: string, like: string, subject: string): Promise<void> {
    const { config } = await this.manager.consumers.info(STREAM, like);
    const { durable_name: _, filter_subject: __, name: ___, ...settings } = config;
    const own = { durable_name: name, filter_subject: subject };
    await this.manager.consumers.add(STREAM, { ...settings, ...own });
  }

  /** Holds the consumers back, publishes, lets them go, and returns the moment of that. */
  async fillAndGo(road: Road, messages: readonly OutgoingMessage[]): Promise<number> {
    const { consumers } = this.manager;
    const lastOf = new Map(messages.map((message) => [message.subject, message]));
    const last = new Set(lastOf.values());
    const until = new Date(Date.now() + LONG_MS);
    for (const name of road.consumers) await consumers.pause(STREAM, name, until);
    await this.publish(messages.filter((message) => !last.has(message)));
    for (const name of road.consumers) await consumers.resume(STREAM, name);
    const beganMs = performance.now();
    // The server looks at a resumed consumer only when a message comes, or seconds later.
    await this.publish([...last]);
    return beganMs;
  }

  /** Publishes so many a second, evenly, for so long. */
  async pace(next: () => OutgoingMessage, perSecond: number, seconds: number): Promise<number> {
    const beganMs = performance.now();
    const total = Math.round(perSecond * seconds);
    for (let sent = 0; sent < total; await sleep(2)) {
      const due = Math.min(total, ((performance.now() - beganMs) / 1_000) * perSecond);
      for (; sent < due; sent += 1) {
        const { subject, payload, headers: values } = next();
        const headers = emptyHeaders();
        for (const [name, value] of Object.entries(values)) headers.set(name, value);
        this.nats.publish(subject, payload, { headers });
      }
    }
    return total;
  }

  /** @throws Error when it does not come true in reasonable time. */
  async until(road: Road, isDone: () => Promise<boolean>): Promise<void> {
    const endMs = Date.now() + PATIENCE_MS;
    while (!(await isDone())) {
      if (Date.now() > endMs) throw new Error(`${road.consumers.join()} is stuck: see its log`);
      await sleep(LOOK_MS);
    }
  }

  async standing({ outSubject, consumers }: Road): Promise<Standing> {
    const { state } = await this.manager.streams.info(STREAM, { subjects_filter: outSubject });
    let left = 0;
    for (const name of consumers) {
      const { num_pending, num_ack_pending } = await this.manager.consumers.info(STREAM, name);
      left += num_pending + num_ack_pending;
    }
    const out = Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
    return { out, left };
  }

  /** The number of the last message of a subject. */
  async lastSequence(subject: string): Promise<number> {
    const found = await this.manager.streams.getMessage(STREAM, { last_by_subj: subject });
    return found?.seq ?? 0;
  }

  /** All messages up to this number that are for a road's consumers are done with. */
  async ackFloor({ consumers }: Road): Promise<number> {
    const infos = consumers.map((name) => this.manager.consumers.info(STREAM, name));
    return Math.min(...(await Promise.all(infos)).map(({ ack_floor }) => ack_floor.stream_seq));
  }

  /** The ids of all messages in the stream, as their readers know them. */
  async ids(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    const { state } = await this.manager.streams.info(STREAM);
    const reader = await this.manager.jetstream().consumers.get(STREAM, { headers_only: true });
    for await (const message of await reader.consume({ max_messages: 5_000 })) {
      ids.add(message.headers?.get('ce-id') ?? '');
      if (message.seq >= state.last_seq) break;
    }
    return ids;
  }

  /** True when somebody waits for the messages of each consumer. */
  async isPulled({ consumers }: Road): Promise<boolean> {
    for (const name of consumers) {
      const { num_waiting } = await this.manager.consumers.info(STREAM, name);
      if (num_waiting === 0) return false;
    }
    return true;
  }

  /** @throws Error when the stream does not take them. */
  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    const outcomes = await new JetStreamPublisher(this.nats).publish(messages);
    if (outcomes.some(({ kind }) => kind !== 'published')) throw new Error('the road is closed');
  }
}
