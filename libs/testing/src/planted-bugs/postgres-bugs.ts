import type { PlantedBug } from './planted-bug.js';

const DATABASE_SPEC = 'libs/postgres/src/database/database.int.spec.ts';
const CONNECTIONS_SPEC = 'libs/postgres/src/database/connections.int.spec.ts';
const CONFLICTS_SPEC = 'libs/postgres/src/database/conflicts.int.spec.ts';
const REBUILD_SPEC = 'libs/postgres/src/rebuild/postgres-outbox-rebuild.int.spec.ts';
const RELAY_SPEC = 'libs/postgres/src/outbox/outbox-relay.int.spec.ts';
const TENURES_SPEC = 'libs/postgres/src/tenures/tenures.int.spec.ts';

export const POSTGRES_BUGS: readonly PlantedBug[] = [
  {
    guard: 'inbox marks are made in the transaction of the work',
    without: 'a handler that fails is never run again: its message counts as handled',
    file: 'libs/postgres/src/database/database.ts',
    find: 'const unseen = await markHandled(tx, received);',
    replacement: `const unseen = await markHandled(tx, received);
      await tx.query('COMMIT');
      await tx.query('BEGIN');`,
    spec: DATABASE_SPEC,
    test: 'handling once marks nothing when the work fails',
  },
  {
    guard: 'a mark that is there already stands',
    without: 'every redelivery is handled again',
    file: 'libs/postgres/src/inbox/inbox-marks.ts',
    find: "WHERE kept.state = 'waiting'",
    replacement: '',
    spec: DATABASE_SPEC,
    test: 'handling once gives the work only what this consumer has not handled',
  },
  {
    guard: 'the outbox is written before the commit, in the same transaction',
    without: 'rows that nobody hears of when the outbox cannot be written',
    file: 'libs/postgres/src/database/database.ts',
    find: `const sent = await tx.writeOutbox();
      await runner.commitTransaction();`,
    replacement: `await runner.commitTransaction();
      const sent = await tx.writeOutbox();`,
    spec: DATABASE_SPEC,
    test: 'a transaction whose messages cannot be written leaves no rows either',
  },
  {
    guard: 'one message id is one row of the outbox',
    without: 'a command that is decided twice is sent twice',
    file: 'libs/postgres/src/database/transaction.ts',
    find: 'ON CONFLICT (message_id) DO NOTHING',
    replacement: '',
    spec: DATABASE_SPEC,
    test: 'sending takes the ids it is given, and one message for one id',
  },
  {
    guard: 'a connection is given back when the work throws',
    without: 'ten failures, and the service waits for a connection for ever',
    file: 'libs/postgres/src/database/database.ts',
    find: `      throw error;
    } finally {
      await runner.release();
    }
  }
}`,
    replacement: `      throw error;
    }
    await runner.release();
  }
}`,
    spec: DATABASE_SPEC,
    test: 'a transaction that throws leaves neither',
  },
  {
    guard: 'a nested use joins the transaction around it',
    without: 'it waits for a second connection while it holds the only one',
    file: 'libs/postgres/src/database/database.ts',
    find: 'if (around?.open) return work(around);',
    replacement: '',
    spec: DATABASE_SPEC,
    test: 'a transaction is joined by what runs inside it, on its one connection',
  },
  {
    guard: 'serialization failures begin again',
    without: 'two transactions that meet are an error to somebody',
    file: 'libs/postgres/src/database/postgres-error.ts',
    find: "code === '40001' || ",
    replacement: '',
    spec: DATABASE_SPEC,
    test: 'a transaction gives up after some tries',
  },
  {
    guard: 'migrations run under a lock',
    without: 'processes that start together make the same table, and all but one die',
    file: 'libs/postgres/src/migrations/migrate.ts',
    find: "await runner.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);",
    replacement: '',
    spec: 'libs/postgres/src/migrations/migrate.int.spec.ts',
    test: 'runs each migration once when processes start together',
  },
  {
    guard: 'outbox rows are marked after the stream has acknowledged them',
    without: 'a crash in between loses messages that the database says were published',
    file: 'libs/postgres/src/outbox/outbox-relay.ts',
    find: 'const outcomes = await this.publisher.publish(rows.map(toMessage));',
    replacement: `await tx.query('UPDATE outbox SET published_at = now() WHERE published_at IS NULL');
      await tx.query('COMMIT');
      await tx.query('BEGIN');
      const outcomes = await this.publisher.publish(rows.map(toMessage));`,
    spec: RELAY_SPEC,
    test: 'the relay publishes again what it had not marked when it died',
  },
  {
    guard: 'a row whose outcome is unknown stays unpublished',
    without: 'what was on its way when NATS went away is lost',
    file: 'libs/postgres/src/outbox/outbox-relay.ts',
    find: "outcomes[at]?.kind === 'published'",
    replacement: "outcomes[at]?.kind !== 'refused'",
    spec: RELAY_SPEC,
    test: 'the relay counts no try while the road is closed',
  },
  {
    guard: 'rows are found by being unpublished, not by a number above the last',
    without: 'a transaction that commits late is skipped for ever',
    file: 'libs/postgres/src/outbox/outbox-relay.ts',
    find: 'AND sequence >= $1',
    replacement: `AND sequence >= $1 AND sequence >
      (SELECT COALESCE(max(sequence), 0) FROM outbox WHERE published_at IS NOT NULL)`,
    spec: RELAY_SPEC,
    test: 'the relay does not skip a transaction that commits after later ones',
  },
  {
    guard: 'relays lock the rows they take and skip those of another',
    without: 'every replica publishes every message',
    file: 'libs/postgres/src/outbox/outbox-relay.ts',
    find: ' FOR UPDATE SKIP LOCKED',
    replacement: '',
    spec: RELAY_SPEC,
    test: 'the relay shares the rows with another process: none is published by both',
  },
  {
    guard: 'a refused row is tried again before it is parked',
    without: 'one hiccup of the stream and a person has to send the message',
    file: 'libs/postgres/src/outbox/outbox-relay.ts',
    find: 'const TRIES = 8;',
    replacement: 'const TRIES = 1;',
    spec: RELAY_SPEC,
    test: 'the relay parks a row that is refused again and again, and the others go on',
  },
  {
    guard: 'once a second the relay looks at all rows, from the first on',
    without: 'what committed late, or a dead relay had held, lies below the floor for ever',
    file: 'libs/postgres/src/outbox/claim-floor.ts',
    find: 'return due ? 0n : this.floor;',
    replacement: 'return this.floor;',
    spec: RELAY_SPEC,
    test: 'the relay finds a late commit also when it looks from further up',
  },
  {
    guard: 'a failed statement fails its transaction, whoever caught the error',
    without: 'the server rolls back, calls it a commit, and the message is acked',
    file: 'libs/postgres/src/database/database.ts',
    find: 'tx.refuseFailed();',
    replacement: '',
    spec: CONNECTIONS_SPEC,
    test: 'with one connection a statement that failed fails the transaction, caught or not',
  },
  {
    guard: 'a connection whose roll-back failed is closed',
    without: 'the next one works inside the transaction of the last',
    file: 'libs/postgres/src/database/database.ts',
    find: 'client?.end().catch(() => undefined);',
    replacement: 'void client;',
    spec: CONNECTIONS_SPEC,
    test: 'with one connection nobody gets one on which a roll-back failed',
  },
  {
    guard: 'deadlocks begin again',
    without: 'two batches that meet are an error to somebody',
    file: 'libs/postgres/src/database/postgres-error.ts',
    find: " || code === '40P01'",
    replacement: '',
    spec: CONFLICTS_SPEC,
    test: 'a deadlock is resolved by the server and run again: both do their work, once',
  },
  {
    guard: 'a rebuild waits for rows that a relay holds',
    without: 'what the lost stream had taken is marked published behind its back',
    file: 'libs/postgres/src/rebuild/postgres-outbox-rebuild.ts',
    find: 'AND (outbox.published_at IS NULL',
    replacement: 'AND (FALSE',
    spec: REBUILD_SPEC,
    test: 'does not miss what a relay had given to the lost stream and not yet marked',
  },
  {
    guard: 'a rebuild repeats nothing that inboxes have forgotten',
    without: 'what was rebuilt before is handled a second time',
    file: 'libs/postgres/src/rebuild/postgres-outbox-rebuild.ts',
    find: "AND outbox.first_published_at >= now() - $2 * interval '1 day'",
    replacement: 'AND $2 > 0',
    spec: REBUILD_SPEC,
    test: 'does not make a message younger: what was rebuilt yesterday is deleted on its old day',
  },
  {
    guard: 'each round of a rebuild has ids of its own for the stream',
    without: 'a stream that was only purged drops what it has lost as duplicates',
    file: 'libs/postgres/src/rebuild/postgres-outbox-rebuild.ts',
    find: 'round = round + 1, ',
    replacement: '',
    spec: REBUILD_SPEC,
    test: 'is a round of its own for a stream that remembers ids',
  },
  {
    guard: 'what one process at a time does is begun with its lock',
    without: 'during every rolling restart two connectors carry out the same acts',
    file: 'libs/postgres/src/tenures/tenures.ts',
    find: 'if (granted) this.take(tenant);',
    replacement: 'if (granted || true) this.take(tenant);',
    spec: TENURES_SPEC,
    test: 'a second process begins when the first has ended, and not before',
  },
  {
    guard: 'a lock is given back when its work has ended',
    without: 'the process that comes acts beside the last calls of the one that leaves',
    file: 'libs/postgres/src/tenures/tenures.ts',
    find: `    await tenant.end();
    this.working.delete(tenant);
    if (`,
    replacement: `    void tenant.end();
    this.working.delete(tenant);
    if (`,
    spec: TENURES_SPEC,
    test: 'a second process begins when the first has ended, and not before',
  },
];
