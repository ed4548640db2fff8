import type { NatsConnection } from '@nats-io/transport-node';

const KEPT = 8;

/** The latest events, as one line each. */
export class EventTail {
  private readonly lines: string[] = [];
  private total = 0;

  constructor(monitor: NatsConnection) {
    monitor.subscribe('evt.>', {
      callback: (error, message) => {
        if (error !== null) return;
        this.total += 1;
        const time = (message.headers?.get('ce-time') ?? '').slice(11, 19);
        const subject = decodeURIComponent(message.headers?.get('ce-subject') ?? '');
        this.lines.push(`${time}  ${message.subject.padEnd(42)} ${subject}`.slice(0, 100));
        if (this.lines.length > KEPT) this.lines.shift();
      },
    });
  }

  latest(): readonly string[] {
    return this.lines;
  }

  count(): number {
    return this.total;
  }
}
