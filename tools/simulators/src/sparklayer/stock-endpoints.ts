import { randomUUID } from 'node:crypto';

import type { Answer, Call } from '../wire/server-kit.js';
import { recordCall } from '../wire/simulated-world.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';
import { problem } from './problem.js';
import { readJson } from './token-desk.js';

interface StockLocation {
  readonly id: string;
  readonly name: string;
  readonly external_id: string;
}

interface LevelInput {
  readonly stock_location_id?: string;
  readonly stock_location_external_id?: string;
  readonly sku: string;
  readonly stock_level: number;
  readonly restock_date?: string;
  readonly min_stock_level?: number;
}

interface StoredLevel {
  readonly stock_level: number;
  readonly restock_date: string | null;
  readonly min_stock_level: number | null;
}

const DEFAULT_EXTERNAL_ID = 'default';

/** The trade shop's own stock: absolute levels per SKU and location, nothing reserved. */
export class StockEndpoints {
  private readonly locations = new Map<string, StockLocation>();
  /** By location id, then by SKU. */
  private readonly levels = new Map<string, Map<string, StoredLevel>>();

  constructor(private readonly world: SimulatedWorld) {
    this.addLocation('Default', DEFAULT_EXTERNAL_ID);
  }

  /** Only the default location, unless others are asked for. */
  fetch(call: Call): Answer {
    const body = readJson(call.rawBody) as {
      skus?: string[];
      filter?: { all_stock_locations?: boolean; stock_location_ids?: string[] };
    } | null;
    if (!Array.isArray(body?.skus)) return invalid('skus', 'skus is missing');
    const wanted = [...this.locations.values()].filter((location) => {
      if (body.filter?.all_stock_locations === true) return true;
      const ids = body.filter?.stock_location_ids;
      return ids?.includes(location.id) ?? location.external_id === DEFAULT_EXTERNAL_ID;
    });
    const rows = body.skus.flatMap((sku) => {
      const stock_levels = wanted.flatMap((location) => {
        const level = this.levels.get(location.id)?.get(sku);
        if (level === undefined) return [];
        const { id, external_id } = location;
        return [{ stock_location_id: id, stock_location_external_id: external_id, ...level }];
      });
      return stock_levels.length === 0 ? [] : [{ sku, stock_levels }];
    });
    this.journal('read:stock', true, { skus: body.skus.length });
    return { status: 200, body: rows };
  }

  /** All of it or nothing; a pair that is named loses what it had. */
  update(call: Call): Answer {
    const body = readJson(call.rawBody) as LevelInput[] | null;
    if (!Array.isArray(body) || body.length === 0) {
      return this.refuse(call, invalid('', 'one level or more is needed'));
    }
    const seen = new Set<string>();
    const resolved: { location: StockLocation; input: LevelInput }[] = [];
    for (const [i, input] of body.entries()) {
      const location = this.locate(input);
      if (location === null) {
        return this.refuse(call, invalid(`[${i}]`, 'name one existing stock location'));
      }
      if (!Number.isInteger(input.stock_level)) {
        return this.refuse(call, invalid(`[${i}].stock_level`, 'stock_level is a whole number'));
      }
      const pair = JSON.stringify([location.id, input.sku]);
      if (seen.has(pair)) return this.refuse(call, invalid(`[${i}]`, 'this pair is named twice'));
      seen.add(pair);
      resolved.push({ location, input });
    }
    for (const { location, input } of resolved) {
      this.levels.get(location.id)?.set(input.sku, {
        stock_level: input.stock_level,
        restock_date: input.restock_date ?? null,
        min_stock_level: input.min_stock_level ?? null,
      });
    }
    this.journal('batchUpdateStock', true, body);
    return { status: 204 };
  }

  /** At every location; unknown SKUs are no matter. */
  delete(call: Call): Answer {
    const body = readJson(call.rawBody) as { skus?: string[] } | null;
    if (!Array.isArray(body?.skus)) return this.refuse(call, invalid('skus', 'skus is missing'));
    for (const levels of this.levels.values()) {
      for (const sku of body.skus) levels.delete(sku);
    }
    this.journal('batchDeleteStock', true, body);
    return { status: 204 };
  }

  listLocations(): Answer {
    const rows = [...this.locations.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return { status: 200, body: rows };
  }

  createLocation(call: Call): Answer {
    const body = readJson(call.rawBody) as { name?: string; external_id?: string } | null;
    if (!body?.name || !body.external_id) {
      return this.refuse(call, invalid('', 'name and external_id are needed'));
    }
    if ([...this.locations.values()].some((each) => each.external_id === body.external_id)) {
      return this.refuse(call, problem(409, 'Conflict', 'This external id is taken.'));
    }
    const location = this.addLocation(body.name, body.external_id);
    this.journal('createStockLocation', true, location);
    return { status: 201, body: location };
  }

  /** With all levels held there; nothing to delete is no fault. */
  deleteLocation({ params }: Call): Answer {
    const named = params['id'] ?? '';
    for (const { id, external_id } of [...this.locations.values()]) {
      if (id !== named && external_id !== named) continue;
      this.locations.delete(id);
      this.levels.delete(id);
    }
    this.journal('deleteStockLocation', true, { named });
    return { status: 204 };
  }

  /** The level at a location, by its external id; null when none was ever set. */
  level(externalId: string, sku: string): number | null {
    const location = [...this.locations.values()].find((each) => each.external_id === externalId);
    return this.levels.get(location?.id ?? '')?.get(sku)?.stock_level ?? null;
  }

  private addLocation(name: string, external_id: string): StockLocation {
    const location = { id: randomUUID(), name, external_id };
    this.locations.set(location.id, location);
    this.levels.set(location.id, new Map());
    return location;
  }

  /** Exactly one of the two names may be given. */
  private locate(input: LevelInput): StockLocation | null {
    const { stock_location_id: id, stock_location_external_id: externalId } = input;
    if ((id === undefined) === (externalId === undefined)) return null;
    const found = [...this.locations.values()].find((each) =>
      id === undefined ? each.external_id === externalId : each.id === id,
    );
    return found ?? null;
  }

  private refuse(call: Call, answer: Answer): Answer {
    this.journal(call.url, false, answer.body);
    return answer;
  }

  private journal(call: string, accepted: boolean, detail: unknown): void {
    recordCall(this.world, { vendor: 'sparklayer', call, accepted, detail });
  }
}

function invalid(property: string, message: string): Answer {
  return problem(400, 'Validation failed', message, [{ code: 'invalid', message, property }]);
}
