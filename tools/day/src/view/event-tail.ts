import type { Msg, NatsConnection } from '@nats-io/transport-node';

const KEPT = 8;
/** Some minutes of the liveliest day. */
const REMEMBERED = 10_000;

/**
 * The latest events, as one line each. A listener hears a message as often as it is sent: also those
 * of a batch that the stream then refuses, before they come again one by one. Each counts once.
 */
export class EventTail {
  private readonly lines: string[] = [];
  private readonly seen = new Set<string>();
  private total = 0;

  constructor(monitor: Pick<NatsConnection, 'subscribe'>) {
    monitor.subscribe('evt.>', {
      callback: (error, message) => {
        if (error === null && this.isNew(message)) this.add(message);
      },
    });
  }

  latest(): readonly string[] {
    return this.lines;
  }

  count(): number {
    return this.total;
  }

  private isNew({ headers }: Msg): boolean {
    const id = headers?.get('ce-id') ?? '';
    if (this.seen.has(id)) return false;
    this.seen.add(id);
    const [oldest] = this.seen;
    if (this.seen.size > REMEMBERED && oldest !== undefined) this.seen.delete(oldest);
    return true;
  }

  private add({ headers, subject }: Msg): void {
    this.total += 1;
    const time = (headers?.get('ce-time') ?? '').slice(11, 19);
    const about = decodeURIComponent(headers?.get('ce-subject') ?? '');
    this.lines.push(`${time}  ${subject.padEnd(42)} ${about}`.slice(0, 100));
    if (this.lines.length > KEPT) this.lines.shift();
  }
}
