import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CannedAnswer {
  readonly status: number;
  readonly body: object;
}

/** Takes the path and the parsed body. */
export type Answerer = (method: string, path: string, body: unknown) => CannedAnswer;

/** A vendor's time from a request to its answer. */
const ANSWER_MS = 5;

/** Speaks a vendor's language over HTTP, always equally fast, and does next to nothing for it. */
export class CannedVendor {
  private readonly server: Server;
  /** Asked for, and no answer was known: this vendor is not what the hub expects. */
  readonly unknown = new Set<string>();

  constructor(private readonly answer: Answerer) {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = 60_000;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  open(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      const { status, body } = this.answer(method, url, text === '' ? {} : JSON.parse(text));
      if (status === 404) this.unknown.add(`${method} ${url}`);
      setTimeout(() => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      }, ANSWER_MS);
    } catch {
      // Whoever asked has gone away.
      response.destroy();
    }
  }
}
