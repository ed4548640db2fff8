import type { NatsConnection } from '@nats-io/transport-node';
import { ExceptionRaised, filterOf } from '@tillbridge/contracts';

/** Counts exceptions as they are raised, from the events that anybody may watch. */
export class ExceptionCount {
  private readonly seen = new Set<string>();
  private readonly counts = new Map<string, number>();

  constructor(monitor: NatsConnection) {
    monitor.subscribe(filterOf(ExceptionRaised), {
      callback: (error, message) => {
        const id = message.headers?.get('ce-id') ?? '';
        if (error !== null || this.seen.has(id)) return;
        this.seen.add(id);
        const { code } = message.json<ExceptionRaised>();
        this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
      },
    });
  }

  byCode(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => a.localeCompare(b)));
  }
}
