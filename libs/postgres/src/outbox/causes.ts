/** The fields that hold our id of the thing a message is about, the most telling one first. */
export const THINGS = [
  'postingId',
  'dispatchId',
  'adjustmentId',
  'orderId',
  'sku',
  'customerId',
  'subject',
] as const;

interface Cause {
  readonly traceparent?: string;
  readonly data: unknown;
}

/**
 * Which trace a message belongs to. One transaction takes hundreds of messages, each of a trace of
 * its own, so what is sent goes on with the trace of the message that was about the same thing.
 */
export class Causes {
  private readonly byThing = new Map<string, string>();
  private readonly traces = new Set<string>();

  add(received: readonly Cause[]): void {
    for (const { traceparent, data } of received) {
      if (traceparent === undefined) continue;
      this.traces.add(traceparent);
      for (const thing of thingsIn(data)) this.byThing.set(thing, traceparent);
    }
  }

  /** Undefined begins a new trace: better than one that tells somebody else's story. */
  traceOf(message: object): string | undefined {
    const thing = thingsIn(message).find((each) => this.byThing.has(each));
    if (thing !== undefined) return this.byThing.get(thing);
    const [only] = this.traces;
    return this.traces.size === 1 ? only : undefined;
  }
}

function thingsIn(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  const fields = data as Readonly<Record<string, unknown>>;
  return THINGS.flatMap((name) => {
    const value = fields[name];
    return typeof value === 'string' ? [`${name} ${value}`] : [];
  });
}
