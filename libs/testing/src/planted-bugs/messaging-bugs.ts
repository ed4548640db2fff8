import type { PlantedBug } from './planted-bug.js';

const RUNNER = 'libs/messaging/src/consuming/batch-runner.ts';
const LOOP = 'libs/messaging/src/consuming/consumer-loop.ts';
const PUBLISHER = 'libs/messaging/src/publishing/jetstream-publisher.ts';
const RUNNER_SPEC = 'libs/messaging/src/consuming/batch-runner.int.spec.ts';
const PUBLISHER_SPEC = 'libs/messaging/src/publishing/jetstream-publisher.int.spec.ts';
const ASKER_SPEC = 'libs/messaging/src/queries/asker.int.spec.ts';

export const MESSAGING_BUGS: readonly PlantedBug[] = [
  {
    guard: 'a message is acked after its handler has committed',
    without: 'a crash or a failure in the handler loses it',
    file: RUNNER,
    find: 'await this.handler(items.map(({ received }) => received));',
    replacement: `for (const { delivery } of items) await delivery.done();
      await this.handler(items.map(({ received }) => received));`,
    spec: RUNNER_SPEC,
    test: 'a message is acked after its handler has returned, so a handler that fails gets it again',
  },
  {
    guard: 'a nak carries its delay',
    without: 'all tries are burnt within milliseconds of an outage',
    file: 'libs/messaging/src/consuming/delivery.ts',
    find: 'this.source.nak(afterMs);',
    replacement: 'this.source.nak();',
    spec: RUNNER_SPEC,
    test: 'a message waits as long as its failure asked before it comes again',
  },
  {
    guard: 'the server hears of messages in work',
    without: 'a slow handler gets its message again while it still works on it',
    file: 'libs/messaging/src/consuming/held-messages.ts',
    find: 'each.message.working();',
    replacement: '',
    spec: RUNNER_SPEC,
    test: 'a message that takes long is not given to anybody else meanwhile',
  },
  {
    guard: 'the dead letter is written before the message is terminated',
    without: 'a database that is away at that moment loses the message',
    file: RUNNER,
    find: 'await this.store.deadLetter(message, why);',
    replacement: `await delivery.parked(code);
        await this.store.deadLetter(message, why);`,
    spec: RUNNER_SPEC,
    test: 'a message that could not be parked is not given up: it comes again until it is',
  },
  {
    guard: 'a batch takes its size from what has come, and leaves the rest for the next one',
    without: 'the tail is held for ever and never handled',
    file: LOOP,
    find: 'this.buffer.splice(0, this.batch.size)',
    replacement: 'this.buffer.splice(0).slice(0, this.batch.size)',
    spec: RUNNER_SPEC,
    test: 'a batch leaves no message behind when more have come than it takes',
  },
  {
    guard: 'a batch that failed goes one by one',
    without: 'one poison message takes everybody in its batch with it',
    file: RUNNER,
    find: 'if (items.length === 1 || isUnavailable(error)) {',
    replacement: 'if (items.length > 0) {',
    spec: RUNNER_SPEC,
    test: 'a batch with one message that cannot be handled is handled but for that one',
  },
  {
    guard: 'what was pulled is finished at a stop',
    without: 'every restart has messages handled a second time',
    file: LOOP,
    find: 'if (await within(this.loops, withinMs)) return;',
    replacement: '',
    spec: RUNNER_SPEC,
    test: 'a consumer finishes what it had pulled when it stops, and takes nothing more',
  },
  {
    guard: 'what cannot be finished in the time to stop is given back',
    without: 'such a restart delays messages by the whole time that the server waits for an ack',
    file: LOOP,
    find: 'for (const delivery of left) delivery.giveBack();',
    replacement: '',
    spec: RUNNER_SPEC,
    test: 'a consumer gives back at once what it had pulled and cannot finish in the time to stop',
  },
  {
    guard: 'pulling never makes a consumer',
    without: 'a consumer with the wrong settings, from the wrong place in the stream',
    file: LOOP,
    find: 'this.consumer ??= await this.parts.jetstream.consumers.get(this.stream, this.name);',
    replacement: `const making = await this.parts.jetstream.jetstreamManager();
        await making.consumers.add(this.stream, { durable_name: this.name, ack_policy: 'explicit' });
        this.consumer ??= await this.parts.jetstream.consumers.get(this.stream, this.name);`,
    spec: RUNNER_SPEC,
    test: 'a consumer that nobody has provisioned is waited for, and not made',
  },
  {
    guard: 'reconnecting never ends',
    without: 'an outage of ten seconds closes the service for good',
    file: 'libs/messaging/src/connection/connect-nats.ts',
    find: 'maxReconnectAttempts: -1,',
    replacement: '',
    spec: 'libs/messaging/src/connection/connect-nats.int.spec.ts',
    test: 'a connection is back after an outage of more tries than the client makes by itself',
  },
  {
    guard: 'a batch that the stream refused is published again one by one',
    without: 'messages that are in no stream count as published',
    file: PUBLISHER,
    find: 'return ack.error === undefined && ack.count === messages.length;',
    replacement: 'return true;',
    spec: PUBLISHER_SPEC,
    test: 'publishing repeats a batch of which one is known, and puts nothing in twice',
  },
  {
    guard: 'an acknowledged duplicate is a success',
    without: 'the relay repeats for ever what the stream has',
    file: PUBLISHER,
    find: 'if (ack.error === undefined) return PUBLISHED;',
    replacement: 'if (ack.error === undefined && ack.duplicate !== true) return PUBLISHED;',
    spec: PUBLISHER_SPEC,
    test: 'publishing repeats a batch of which one is known, and puts nothing in twice',
  },
  {
    guard: 'a message is published under its own id',
    without: 'the second try of a batch puts all of it into the stream again',
    file: PUBLISHER,
    find: "found.set('Nats-Msg-Id', id);",
    replacement: '',
    spec: PUBLISHER_SPEC,
    test: 'publishing repeats a batch of which one is known, and puts nothing in twice',
  },
  {
    guard: 'a refused message does not close the road',
    without: 'one message too large stops all others',
    file: PUBLISHER,
    find: 'for (const message of large) {',
    replacement: 'if (large.length > 0) return;\n    for (const message of large) {',
    spec: PUBLISHER_SPEC,
    test: 'publishing refuses what is too large and publishes the others',
  },
  {
    guard: 'a question that nobody answered is a failure',
    without: 'silence looks like an answer',
    file: 'libs/messaging/src/queries/asker.ts',
    find: 'throw new Failure(code, { afterMs: 1_000 }',
    replacement:
      'return { ok: true, answer: {} };\n      throw new Failure(code, { afterMs: 1_000 }',
    spec: ASKER_SPEC,
    test: 'a question times out when nobody is there, and when the answer takes too long',
  },
  {
    guard: 'an answer is validated',
    without: 'a handler goes on with fields that are not there',
    file: 'libs/messaging/src/queries/asker.ts',
    find: 'if (wrong.length > 0) throw invalid(',
    replacement: 'if (wrong.length > 99) throw invalid(',
    spec: ASKER_SPEC,
    test: 'a question takes no answer of another form',
  },
  {
    guard: 'what comes in is validated before a handler sees it',
    without: 'handlers compute with what is no number',
    file: 'libs/messaging/src/wire/decode-message.ts',
    find: 'if (errors.length > 0) throw bad(',
    replacement: 'if (errors.length > 99) throw bad(',
    spec: ASKER_SPEC,
    test: 'a question is refused when it is not valid',
  },
];
