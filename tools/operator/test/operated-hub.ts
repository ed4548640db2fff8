import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SERVICES, type ServiceName } from '@tillbridge/contracts';
import { hubMessaging, listen } from '@tillbridge/messaging';
import { freshDatabase, freshNats, type FreshNats } from '@tillbridge/testing';
import { runOperator } from '../src/run-operator.js';

const EXAMPLE = new URL('../../../tillbridge.example.yaml', import.meta.url).pathname;
const PASSWORDS = Object.fromEntries(
  [...SERVICES, 'provisioner', 'operator'].map((name) => [name, name]),
);
const SECRETS = ['SPARKLAYER_SITE_ID', 'SPARKLAYER_CLIENT_ID', 'SPARKLAYER_CLIENT_SECRET'].concat(
  ['SHOPIFY_ACCESS_TOKEN', 'SHOPIFY_CLIENT_SECRET', 'SQUARE_ACCESS_TOKEN'],
  ['SQUARE_SIGNATURE_KEY'],
);

/** A hub of which one service runs, made of `module`, and a person at its command line. */
export class OperatedHub {
  private constructor(
    readonly nats: FreshNats,
    readonly app: NestFastifyApplication,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  static async start(service: ServiceName, module: Type): Promise<OperatedHub> {
    const messaging = hubMessaging([{ id: 'shop', vendor: 'shopify' }]);
    const nats = await freshNats({ users: messaging.users(PASSWORDS) });
    await messaging.provision({ url: nats.url, user: 'provisioner', password: 'provisioner' });
    const place = await freshDatabase();
    Object.assign(process.env, {
      ...Object.fromEntries(SECRETS.map((name) => [name, 'x'])),
      DATABASE_URL: place.url,
      NATS_URL: nats.url,
      NATS_USER: service,
      NATS_PASSWORD: service,
      TILLBRIDGE_CONFIG: EXAMPLE,
      TILLBRIDGE_LOG_LEVEL: 'fatal',
    });
    const app = await listen({ service, module });
    return new OperatedHub(nats, app, () => place.drop());
  }

  /** What a person sees: exit code, output, complaints. */
  async run(...args: string[]) {
    const out: string[] = [];
    const complaints: string[] = [];
    const code = await runOperator(args, {
      env: { NATS_URL: this.nats.url, NATS_USER: 'operator', NATS_PASSWORD: 'operator' },
      print: (line) => out.push(line),
      complain: (line) => complaints.push(line),
    });
    return { code, out, complaints, json: () => JSON.parse(out.join('\n')) };
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.nats.drop();
    await this.dropDatabase();
  }
}
