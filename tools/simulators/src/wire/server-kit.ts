import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { recordCall } from './simulated-world.js';
import type { Outage, SimulatedVendor, SimulatedWorld } from './simulated-world.js';

/** One request as it came over the wire; the body is what was sent, byte for byte. */
export interface Call {
  readonly method: string;
  /** Path with the query string, as requested. */
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Buffer;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON; undefined sends no body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as they are, in place of a body; the headers say what they are. */
  readonly bytes?: Buffer;
}

export interface ServerKitOptions {
  readonly world: SimulatedWorld;
  readonly vendor: SimulatedVendor;
  /** How this vendor says that it was called too often. */
  throttled(call: Call): Answer;
  /** How this vendor says that it broke. */
  broken(call: Call): Answer;
  /** What an unknown path gets. */
  unknown?(call: Call): Answer;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Longer than a patient client waits. */
const SILENCE_MS = 3_000;
const SLOW_MS = { min: 500, max: 2_000 };

/** An HTTP server on this machine whose handlers are put among the faults of a bad network. */
export class ServerKit {
  private readonly app: FastifyInstance;
  private address: string | null = null;

  constructor(private readonly options: ServerKitOptions) {
    this.app = fastify({ forceCloseConnections: true, bodyLimit: 8 * 1024 * 1024 });
    this.app.removeAllContentTypeParsers();
    this.app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
    this.app.setNotFoundHandler((request, reply) => {
      const answer = options.unknown?.(toCall(request)) ?? { status: 404, body: {} };
      return sendAnswer(reply, answer);
    });
    this.app.setErrorHandler((error, request, reply) => {
      // A bug of the simulator must be seen, not mistaken for an injected fault.
      console.error(
        `simulated ${options.vendor} failed at ${request.method} ${request.url}`,
        error,
      );
      return sendAnswer(reply, options.broken(toCall(request)));
    });
  }

  /** `faultless` routes are never disturbed, such as token endpoints that tests rely on. */
  route(
    method: Method,
    path: string,
    handler: (call: Call) => Answer | Promise<Answer>,
    options: { faultless?: boolean } = {},
  ): void {
    this.app.route({
      method,
      url: path,
      handler: async (request, reply) => {
        const call = toCall(request);
        const outage = this.options.world.outages.get(this.options.vendor);
        if (outage !== undefined) return this.beAway(outage, call, reply);
        if (options.faultless === true) return sendAnswer(reply, await handler(call));
        return this.answerAmongFaults(`${method} ${path}`, call, handler, reply);
      },
    });
  }

  /** Listens on this machine only; without a port, on a free one. */
  async start(port = 0): Promise<void> {
    await this.app.listen({ host: '127.0.0.1', port });
    const { port: bound } = this.app.server.address() as AddressInfo;
    this.address = `http://127.0.0.1:${bound}`;
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

  get url(): string {
    if (this.address === null) throw new Error('The simulator is not started.');
    return this.address;
  }

  private async answerAmongFaults(
    endpoint: string,
    call: Call,
    handler: (call: Call) => Answer | Promise<Answer>,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { vendor, world } = this.options;
    const { dice } = world;
    const of = `${vendor} ${endpoint}`;
    const fate = {
      throttle: dice.roll('throttle', of),
      error500: dice.roll('error500', of),
      timeoutAfterWrite: dice.roll('timeoutAfterWrite', of),
      slow: dice.roll('slow', of),
    };
    if (fate.throttle) {
      this.recordFault('throttle', call);
      return sendAnswer(reply, this.options.throttled(call));
    }
    if (fate.error500) {
      this.recordFault('error500', call);
      return sendAnswer(reply, this.options.broken(call));
    }
    if (fate.slow) await sleep(dice.delayMs(SLOW_MS.min, SLOW_MS.max), undefined, { ref: false });
    const answer = await handler(call);
    if (fate.timeoutAfterWrite) {
      this.recordFault('timeoutAfterWrite', call);
      return this.fallSilent(reply);
    }
    return sendAnswer(reply, answer);
  }

  /** Nothing is done for anybody, token endpoints included. */
  private beAway(outage: Outage, call: Call, reply: FastifyReply): FastifyReply {
    this.recordFault('outage', call);
    if (outage === 'unavailable') return sendAnswer(reply, { status: 503, body: {} });
    reply.hijack();
    reply.raw.destroy();
    return reply;
  }

  /** Half of the lost answers end at once, the others leave the caller waiting. */
  private fallSilent(reply: FastifyReply): FastifyReply {
    reply.hijack();
    const waitMs = this.options.world.dice.delayMs(0, 1) * SILENCE_MS;
    setTimeout(() => reply.raw.destroy(), waitMs).unref();
    return reply;
  }

  private recordFault(kind: string, call: Call): void {
    recordCall(this.options.world, {
      vendor: this.options.vendor,
      call: `fault:${kind}`,
      accepted: kind === 'timeoutAfterWrite',
      detail: { method: call.method, url: call.url },
    });
  }
}

function toCall(request: FastifyRequest): Call {
  return {
    method: request.method,
    url: request.url,
    params: (request.params ?? {}) as Record<string, string>,
    query: (request.query ?? {}) as Record<string, string>,
    headers: request.headers as Record<string, string | undefined>,
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}

function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status).headers(answer.headers ?? {});
  if (answer.bytes !== undefined) return reply.send(answer.bytes);
  if (answer.body === undefined) return reply.send();
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer.body));
}
