import { writeFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { SERVICES, type ServiceName } from '@tillbridge/contracts';
import { Embedded } from '@tillbridge/embedded';
import { Asker, CommandDesk, connectNats, hubMessaging } from '@tillbridge/messaging';
import { loadConfiguration } from '@tillbridge/runtime';
import { HubQueries } from './hub-queries.js';

export interface HubOptions {
  readonly dataDir: string;
  readonly reset: boolean;
  readonly durable?: boolean;
  readonly timeScale: number;
  /** 1 unless said. */
  readonly natsNodes?: number;
  /** The configuration file's text, or the path of a file that is there. */
  readonly configuration: { readonly yaml: string } | { readonly path: string };
  readonly environment: Record<string, string>;
  readonly connectorPort: number;
  report(line: string): void;
}

/** What a service says of itself on GET /status. */
export type ServiceStatus = Readonly<Record<string, number>>;

/** The embedded hub as the day sees it: its processes, its figures, its answers, its events. */
export class Hub {
  private constructor(
    readonly embedded: Embedded,
    readonly queries: HubQueries,
    /** Takes what operators ask. */
    readonly commands: CommandDesk,
    /** May read events and nothing else. */
    readonly monitor: NatsConnection,
    private readonly others: readonly NatsConnection[],
  ) {}

  static async start(options: HubOptions): Promise<Hub> {
    const configurationPath = await configurationFile(options);
    const configuration = await loadConfiguration(configurationPath, {
      ...process.env,
      ...options.environment,
    });
    const embedded = await Embedded.start({
      dataDir: options.dataDir,
      configurationPath,
      messaging: hubMessaging(configuration.connections, { replicas: options.natsNodes ?? 1 }),
      natsNodes: options.natsNodes ?? 1,
      reset: options.reset,
      durable: options.durable ?? true,
      timeScale: options.timeScale,
      httpPorts: { connector: options.connectorPort },
      env: options.environment,
      report: (line) => options.report(line),
      onCrash: (crash) => options.report(`${crash.service} stopped by itself: ${crash.lastWords}`),
    });
    try {
      const monitor = await connectNats(embedded.monitor);
      const reader = await connectNats(embedded.nats);
      const operator = await connectNats(embedded.operator);
      return new Hub(
        embedded,
        new HubQueries(new Asker(reader)),
        new CommandDesk(operator),
        monitor,
        [reader, operator],
      );
    } catch (error) {
      await embedded.stop();
      throw error;
    }
  }

  /** Figures of every service; a service that does not answer is not in it. */
  async statuses(): Promise<Map<ServiceName, ServiceStatus>> {
    const found = await Promise.all(
      SERVICES.map(async (service) => {
        const status = await this.statusOf(service);
        return status === null ? null : ([service, status] as const);
      }),
    );
    return new Map(found.filter((entry) => entry !== null));
  }

  /** Null when the service does not answer. */
  async statusOf(service: ServiceName): Promise<ServiceStatus | null> {
    try {
      const url = `${this.embedded.services.urlOf(service)}/status`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      return answer.ok ? ((await answer.json()) as ServiceStatus) : null;
    } catch {
      return null;
    }
  }

  async stop(): Promise<void> {
    await this.monitor.close();
    await Promise.all(this.others.map((each) => each.close()));
    await this.embedded.stop();
  }
}

async function configurationFile(options: HubOptions): Promise<string> {
  if ('path' in options.configuration) return options.configuration.path;
  await mkdir(options.dataDir, { recursive: true });
  const file = path.join(options.dataDir, 'day.yaml');
  await writeFile(file, options.configuration.yaml);
  return file;
}
