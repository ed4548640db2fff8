import 'reflect-metadata';

/** Which stream carries a message, or 'query' for core-NATS request/reply. */
export type MessageKind = 'event' | 'command' | 'query';

/** How a contract class travels. `subject` may hold `{connection}` and `{service}` placeholders. */
export interface MessageShape {
  readonly kind: MessageKind;
  readonly subject: string;
  readonly type: MessageClass;
  /** For a query: the class of its answer. */
  readonly answer?: MessageClass;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any constructor can carry a contract
export type MessageClass<T = any> = new (...args: any[]) => T;

const shapes = new Map<MessageClass, MessageShape>();

const SUBJECT = /^(evt|cmd|qry)\.([a-z]+|\{service\})(\.\{connection\})?\.[a-z-]+\.v[1-9][0-9]*$/;

function register(kind: MessageKind, root: string, subject: string, answer?: MessageClass) {
  if (!SUBJECT.test(subject) || !subject.startsWith(`${root}.`)) {
    throw new Error(`'${subject}' is not a ${kind} subject: ${root}.<role or domain>.<name>.v<n>`);
  }
  return (type: MessageClass): void => {
    shapes.set(type, { kind, subject, type, ...(answer ? { answer } : {}) });
  };
}

/** A fact. Subject `evt.<role or domain>.<fact>.v<n>`. */
export const Event = (subject: string) => register('event', 'evt', subject);

/**
 * A request for one outside act, subject `cmd.<role>.{connection}.<act>.v<n>`; or what a person has a
 * service do with its own, subject `cmd.{service}.<act>.v<n>`.
 */
export const Command = (subject: string) => register('command', 'cmd', subject);

/** A question with one answer. Subject `qry.<domain>[.{connection}].<question>.v<n>`. */
export const Query = (subject: string, answer: MessageClass) =>
  register('query', 'qry', subject, answer);

/** The shape of a contract class. @throws Error when the class is no contract: a bug. */
export function shapeOf(type: MessageClass): MessageShape {
  const shape = shapes.get(type);
  if (shape === undefined) throw new Error(`${type.name} carries no @Event, @Command or @Query`);
  return shape;
}

/** Every contract known to this process, in order of subject. */
export function allShapes(): MessageShape[] {
  return [...shapes.values()].sort((a, b) => a.subject.localeCompare(b.subject));
}

/** The subject to publish on. @throws Error when a placeholder has no value. */
export function subjectOf(
  type: MessageClass,
  fill: { readonly connection?: string; readonly service?: string } = {},
): string {
  return shapeOf(type).subject.replaceAll(/\{(connection|service)\}/g, (_, name: string) => {
    const value = fill[name as 'connection' | 'service'];
    if (value === undefined || !/^[a-z0-9-]+$/.test(value)) {
      throw new Error(`${type.name} needs a ${name} of a-z, 0-9 and '-', got '${value ?? ''}'`);
    }
    return value;
  });
}

/** The subject to subscribe to: placeholders without a value match anything. */
export function filterOf(type: MessageClass, fill: { readonly connection?: string } = {}): string {
  return shapeOf(type)
    .subject.replace('{connection}', fill.connection ?? '*')
    .replace('{service}', '*');
}

/** A message as a handler sees it: validated data and its envelope (CloudEvents 1.0). */
export interface Received<T> {
  /** `ce-id`: the same fact, however often it is sent, has the same id. */
  readonly id: string;
  readonly subject: string;
  /** The durable consumer that took it: the inbox marks are kept by it. */
  readonly consumer: string;
  /** `ce-time`, ISO 8601. */
  readonly time: string;
  readonly traceparent?: string;
  readonly data: T;
}
