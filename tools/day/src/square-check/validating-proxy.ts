import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '@tillbridge/embedded';

const READY_WITHIN_MS = 120_000;

/** A Prism proxy in front of a server: requests against the document are refused with 422. */
export class ValidatingProxy {
  private readonly output: string[] = [];

  private constructor(
    readonly url: string,
    private readonly child: ReturnType<typeof spawn>,
  ) {}

  static async start(specFile: string, upstream: string): Promise<ValidatingProxy> {
    const port = await freePort();
    const cli = createRequire(import.meta.url).resolve('@stoplight/prism-cli/dist/index.js');
    const options = [
      '--errors',
      '--validate-request',
      '--port',
      String(port),
      '--host',
      '127.0.0.1',
    ];
    const child = spawn(process.execPath, [cli, 'proxy', specFile, upstream, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    const proxy = new ValidatingProxy(`http://127.0.0.1:${port}`, child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => proxy.output.push(chunk.toString()));
    }
    await proxy.ready();
    return proxy;
  }

  /** Request violations that the proxy printed, each once with its count. */
  refusals(): Map<string, number> {
    const found = new Map<string, number>();
    for (const line of this.output.join('').split('\n')) {
      const text = /(\w+ \/v2\/\S+).*(Violation: request|terminated with error)(.*)$/.exec(line);
      if (text === null) continue;
      const refusal = `${text[1]}:${text[3]}`;
      found.set(refusal, (found.get(refusal) ?? 0) + 1);
    }
    return found;
  }

  /** Requests that went through the proxy. */
  requests(): number {
    return this.output.join('').match(/Request received/g)?.length ?? 0;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!this.output.some((text) => text.includes('is listening on'))) {
      if (this.child.exitCode !== null || Date.now() > deadline) {
        this.child.kill('SIGKILL');
        throw new Error(`Prism did not start:\n${this.output.join('').slice(-2_000)}`);
      }
      await wait(200);
    }
  }
}
