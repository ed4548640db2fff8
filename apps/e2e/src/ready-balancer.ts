import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

const PROBE_MS = 100;
const PROBE_WITHIN_MS = 2_000;
/** As many probes may stay without an answer, as Kubernetes has it when nothing else is said. */
const PATIENCE = 3;
/** Headers that belong to one connection and are not handed on. */
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host']);

/**
 * Sends each request to one of the processes that say on /health/ready that they are, in turn, as a
 * Kubernetes Service does. What fails is not tried again: it is counted.
 */
export class ReadyBalancer {
  /** What was not answered with 2xx, in words. */
  readonly failures: string[] = [];
  answered = 0;
  private readonly ready = new Set<string>();
  private readonly agent = new Agent();
  private readonly closing = new AbortController();
  private turn = 0;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<ReadyBalancer> {
    const server = createServer();
    const balancer = new ReadyBalancer(server);
    server.on('request', (from, to) => void balancer.pass(from, to));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Has a process take part whenever it is ready. */
  watch(url: string): void {
    void this.probe(url);
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.agent.destroy();
  }

  private async probe(url: string): Promise<void> {
    const { signal } = this.closing;
    for (let silent = 0; !signal.aborted;) {
      try {
        const within = AbortSignal.timeout(PROBE_WITHIN_MS);
        const answer = await request(`${url}/health/ready`, { signal: within });
        await answer.body.dump();
        silent = 0;
        if (answer.statusCode === 200) this.ready.add(url);
        else this.ready.delete(url);
      } catch {
        silent += 1;
        if (silent >= PATIENCE) this.ready.delete(url);
      }
      await sleep(PROBE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const body = await buffer(from);
    const ready = [...this.ready];
    const upstream = ready[(this.turn += 1) % ready.length];
    const about = `${from.method} ${from.url} at ${upstream ?? 'nobody'}`;
    try {
      if (upstream === undefined) throw new Error('nobody is ready');
      const answer = await request(`${upstream}${from.url}`, {
        dispatcher: this.agent,
        method: 'POST',
        headers: handedOn(from.headers),
        body,
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) this.failures.push(`${about}: ${answer.statusCode} ${text}`);
      else this.answered += 1;
      to.writeHead(answer.statusCode).end(text);
    } catch (error) {
      this.failures.push(`${about}: ${String(error)}`);
      to.writeHead(502).end();
    }
  }
}

function handedOn(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      OF_THE_CONNECTION.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}
