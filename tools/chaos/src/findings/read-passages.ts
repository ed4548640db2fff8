import { setTimeout as sleep } from 'node:timers/promises';
import { shapeOf, SERVICES, TOPOLOGY, type ServiceName } from '@tillbridge/contracts';
import { consumerName } from '@tillbridge/runtime';
import pg from 'pg';
import type { Passage } from './recovery.js';

export interface Passages {
  readonly all: readonly Passage[];
  /** Messages that a reader's inbox knows nothing of. */
  readonly lost: readonly string[];
}

interface Said {
  readonly id: string;
  readonly subject: string;
  readonly atMs: number;
}

interface Heard {
  readonly consumer: string;
  readonly id: string;
  readonly state: string;
  readonly atMs: number;
}

type Urls = Readonly<Record<string, string>>;

const ARRIVES_WITHIN_MS = 15_000;
const LOOK_MS = 250;

/**
 * Follows every message from the outbox it was written to into the inbox of each of its readers.
 * Outboxes first: also at rest the hub polls vendors and says so, and the last words need a moment.
 */
export async function readPassages(databaseUrls: Urls): Promise<Passages> {
  const said: (Said & { from: ServiceName })[] = [];
  for (const from of SERVICES) {
    for (const one of await readOutbox(databaseUrls[from])) said.push({ ...one, from });
  }
  const giveUpAtMs = Date.now() + ARRIVES_WITHIN_MS;
  for (;;) {
    const passages = passagesOf(said, await readInboxes(databaseUrls));
    if (passages.lost.length === 0 || Date.now() > giveUpAtMs) return passages;
    await sleep(LOOK_MS);
  }
}

async function readInboxes(databaseUrls: Urls): Promise<Map<string, Heard>> {
  const heard = new Map<string, Heard>();
  for (const service of SERVICES) {
    for (const mark of await readInbox(databaseUrls[service])) {
      heard.set(`${mark.consumer} ${mark.id}`, mark);
    }
  }
  return heard;
}

function passagesOf(
  said: readonly (Said & { from: ServiceName })[],
  heard: ReadonlyMap<string, Heard>,
): Passages {
  const all: Passage[] = [];
  const lost: string[] = [];
  for (const { from, id, subject, atMs } of said) {
    for (const { to, consumer } of readersOf(subject)) {
      const mark = heard.get(`${consumer} ${id}`);
      const handledMs = mark?.state === 'handled' ? mark.atMs : null;
      all.push({ from, to, saidMs: atMs, handledMs });
      if (mark === undefined) lost.push(`${subject} ${id} at ${consumer}`);
    }
  }
  return { all, lost };
}

/** Who takes messages of a subject, by the topology that consumers are made from. */
function readersOf(subject: string): { to: ServiceName; consumer: string }[] {
  return SERVICES.flatMap((to) =>
    TOPOLOGY[to].consumes.flatMap((type) => {
      const pattern = shapeOf(type).subject.replaceAll('.', '\\.');
      const placed = pattern.replace('{connection}', '(?<connection>[^.]+)');
      const found = new RegExp(`^${placed}$`).exec(subject);
      if (found === null) return [];
      return [{ to, consumer: consumerName(to, type, found.groups?.['connection']) }];
    }),
  );
}

const readOutbox = (url: string | undefined): Promise<Said[]> =>
  rowsOf<Said>(
    url,
    `SELECT message_id AS id, subject, extract(epoch FROM created_at)::float8 * 1000 AS "atMs"
       FROM outbox ORDER BY sequence`,
  );

const readInbox = (url: string | undefined): Promise<Heard[]> =>
  rowsOf<Heard>(
    url,
    `SELECT consumer, message_id AS id, state, extract(epoch FROM at)::float8 * 1000 AS "atMs"
       FROM inbox`,
  );

async function rowsOf<R extends object>(url: string | undefined, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}
