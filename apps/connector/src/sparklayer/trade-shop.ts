import { SparkLayerConnection } from '@tillbridge/runtime';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Purchase } from './purchase.js';
import {
  SparkLayerClient,
  type StockLevelUpdate,
  type StockLocation,
} from './sparklayer.client.js';

/** For specs: a trade shop over HTTP that keeps what it was asked, and answers as it is told. */

export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Told {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export class TradeShop {
  readonly asked: Asked[] = [];
  /** Answers to the next calls that ask for no token; then the purchases. */
  next: Told[] = [];
  nextTokens: Told[] = [];
  purchases: Purchase[] = [];
  /** As a shop whose filter has another name than we think. */
  ignoresType = false;
  locations: StockLocation[] = [];
  levels: StockLevelUpdate[] = [];
  /** Tokens that are still good. */
  readonly good = new Set<string>();
  private tokens = 0;
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then(({ status, headers, body }) => {
      response.writeHead(status, headers);
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });

  async open(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  connection(): SparkLayerConnection {
    return Object.assign(new SparkLayerConnection(), {
      vendor: 'sparklayer',
      id: 'trade',
      mode: 'live',
      ordersFrom: '2026-01-01T00:00:00Z',
      baseUrl: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      siteId: 'acme-trade',
      clientId: 'ci_1',
      clientSecret: 'cs_1',
      storefront: 'shop',
      requestsPerSecond: 50,
    });
  }

  client(clock: { now(): number } = Date): SparkLayerClient {
    return new SparkLayerClient(this.connection(), { timeScale: 60, clock });
  }

  askedFor(path: string): Asked[] {
    return this.asked.filter((asked) => asked.path === path);
  }

  private async answer(request: IncomingMessage): Promise<Told> {
    let body = '';
    for await (const part of request) body += String(part);
    const url = new URL(request.url ?? '/', 'http://trade');
    const { headers } = request;
    this.asked.push({ path: url.pathname, query: url.searchParams, headers, body });
    if (url.pathname === '/api/auth/token') return this.nextTokens.shift() ?? this.newToken();
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    if (!this.good.has(token)) return { status: 401 };
    const given = this.next.shift();
    if (given !== undefined) return given;
    switch (url.pathname) {
      case '/api/v1/stock-locations':
        return { status: 200, body: this.locations };
      case '/api/v1/batch-fetch-stock':
        return this.shown(JSON.parse(body));
      case '/api/v1/batch-update-stock':
        return this.overwrite(JSON.parse(body));
      default:
        return this.listed(url.searchParams);
    }
  }

  newToken(expires_in?: number): Told {
    this.tokens += 1;
    const access_token = `tok_${this.tokens}`;
    this.good.add(access_token);
    return { status: 200, body: { access_token, token_type: 'Bearer', expires_in } };
  }

  private shown(asked: { skus: string[]; filter: { stock_location_ids: string[] } }): Told {
    const here = this.locations.filter(({ id }) => asked.filter.stock_location_ids.includes(id));
    const body = asked.skus.flatMap((sku) => {
      const stock_levels = here.flatMap(({ id, external_id }) =>
        this.levels
          .filter((each) => each.sku === sku && each.stock_location_external_id === external_id)
          .map(({ stock_location_external_id: _, sku: __, ...level }) => ({
            stock_location_id: id,
            restock_date: null,
            min_stock_level: null,
            ...level,
          })),
      );
      return stock_levels.length === 0 ? [] : [{ sku, stock_levels }];
    });
    return { status: 200, body };
  }

  /** A level that is named loses what it had. */
  private overwrite(updates: StockLevelUpdate[]): Told {
    const placeOf = (each: StockLevelUpdate) => `${each.stock_location_external_id} ${each.sku}`;
    const places = new Set(updates.map(placeOf));
    if (places.size < updates.length) return { status: 400 };
    this.levels = [...this.levels.filter((each) => !places.has(placeOf(each))), ...updates];
    return { status: 204 };
  }

  /** Pages by type, and no filter by date: its name is not sure. */
  private listed(query: URLSearchParams): Told {
    const type = query.get('type');
    const offset = Number(query.get('offset'));
    const matching = this.purchases.filter(
      (purchase) => this.ignoresType || purchase.type === type,
    );
    return { status: 200, body: matching.slice(offset, offset + Number(query.get('limit'))) };
  }
}

export function aPurchase(given: Partial<Purchase> & { cartId?: string } = {}): Purchase {
  const { cartId = '0b6f3c1e-6d1e-4b0a-9c58-3f1e9a2d7f10', ...rest } = given;
  return {
    type: 'order',
    purchase_identifiers: { sparklayer: cartId, platform: '5551001' },
    payment_method: 'on_account',
    customer_reference: 'PO-7781',
    calculated_fulfilment_status: 'processing',
    dates: { updated_at: '2026-03-04T09:15:00Z' },
    ...rest,
  };
}
