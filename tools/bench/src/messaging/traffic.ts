import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { headers as emptyHeaders, type NatsConnection } from '@nats-io/transport-node';
import { AvailabilityChanged, ChannelStockObserved, shapeOf } from '@tillbridge/contracts';
import { connectNats, JetStreamPublisher } from '@tillbridge/messaging';
import { consumerName, type OutgoingMessage } from '@tillbridge/runtime';
import type { Servers } from '../servers.js';

/** One side's way in and out. Both are in the stream EVENTS, with consumers of equal settings. */
export interface Road {
  readonly consumer: string;
  readonly inSubject: string;
  readonly outSubject: string;
}

const STREAM = 'EVENTS';
const IN = shapeOf(ChannelStockObserved).subject;

export const OURS: Road = {
  consumer: consumerName('inventory', ChannelStockObserved),
  inSubject: IN,
  outSubject: shapeOf(AvailabilityChanged).subject,
};

export const BARE: Road = {
  consumer: 'bare',
  inSubject: 'evt.bare.stock-observed.v1',
  outSubject: 'evt.bare.availability-changed.v1',
};

/** Nothing may take longer than this. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 10;
const LONG_MS = 3_600_000;

/** Puts messages on the roads, and sees what has come through. */
export class Traffic {
  private sent = 0;

  private constructor(
    private readonly nats: NatsConnection,
    private readonly manager: JetStreamManager,
  ) {}

  static async open(servers: Servers): Promise<Traffic> {
    const nats = await connectNats({ ...servers.nats, name: 'bench' });
    const manager = await jetstreamManager(nats);
    const { config } = await manager.consumers.info(STREAM, OURS.consumer);
    const { durable_name: _, filter_subject: __, name: ___, ...settings } = config;
    await manager.consumers.add(STREAM, {
      ...settings,
      durable_name: BARE.consumer,
      filter_subject: BARE.inSubject,
    });
    return new Traffic(nats, manager);
  }

  close(): Promise<void> {
    return this.nats.close();
  }

  /** Holds the consumer back, publishes, lets it go, and returns the moment of that. */
  async fillAndGo(road: Road, count: number): Promise<number> {
    const { consumers } = this.manager;
    const messages = Array.from({ length: count }, () => this.next(road.inSubject));
    const last = messages.splice(-1);
    await consumers.pause(STREAM, road.consumer, new Date(Date.now() + LONG_MS));
    await this.publish(messages);
    await consumers.resume(STREAM, road.consumer);
    const beganMs = performance.now();
    // The server looks at a resumed consumer only when a message comes, or seconds later.
    await this.publish(last);
    return beganMs;
  }

  /** Publishes so many a second, evenly, for so long. */
  async pace(road: Road, perSecond: number, seconds: number): Promise<number> {
    const beganMs = performance.now();
    const total = Math.round(perSecond * seconds);
    for (let sent = 0; sent < total; await sleep(2)) {
      const due = Math.min(total, ((performance.now() - beganMs) / 1_000) * perSecond);
      for (; sent < due; sent += 1) {
        const { subject, payload, headers: values } = this.next(road.inSubject);
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
      if (Date.now() > endMs) throw new Error(`${road.consumer} is stuck: see its log`);
      await sleep(LOOK_MS);
    }
  }

  /** Messages that came out so far, and those taken but not acked. */
  async standing({ outSubject, consumer }: Road): Promise<{ out: number; unacked: number }> {
    const { state } = await this.manager.streams.info(STREAM, { subjects_filter: outSubject });
    const { num_ack_pending: unacked } = await this.manager.consumers.info(STREAM, consumer);
    return { out: state.subjects?.[outSubject] ?? 0, unacked };
  }

  /** True when somebody waits for the consumer's messages. */
  async isPulled({ consumer }: Road): Promise<boolean> {
    return (await this.manager.consumers.info(STREAM, consumer)).num_waiting > 0;
  }

  private async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    const outcomes = await new JetStreamPublisher(this.nats).publish(messages);
    if (outcomes.some(({ kind }) => kind !== 'published')) throw new Error('the road is closed');
  }

  private next(subject: string): OutgoingMessage {
    this.sent += 1;
    const [id, now] = [randomUUID(), new Date().toISOString()];
    const sku = `SKU-${this.sent % 5_000}`;
    const observed: ChannelStockObserved = {
      connectionId: 'shop',
      channelLocationId: 'gid://shopify/Location/1',
      sku,
      availableUnits: this.sent % 1_000,
      revision: this.sent,
      observedAt: now,
    };
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-type': IN,
      'ce-source': '/tillbridge/connector',
      'ce-subject': sku,
      'ce-time': now,
      'content-type': 'application/json',
      traceparent: `00-${id.replaceAll('-', '')}-${id.slice(0, 8)}${id.slice(-8)}-01`,
    };
    return { id, subject, headers, payload: JSON.stringify(observed) };
  }
}
