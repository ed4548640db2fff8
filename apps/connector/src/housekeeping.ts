import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@tillbridge/postgres';
import { Timers } from '@tillbridge/runtime';

const EVERY_MS = 3_600_000;
const BATCH = 5_000;
const BATCHES = 20;

/**
 * What is kept only for a time. A vendor repeats a webhook for three days at most; ended intents
 * are kept longer than any message can come again.
 */
const EXPIRED = [
  `delete from webhook_journal where ctid in (select ctid from webhook_journal
     where received_at < now() - interval '14 days' limit ${BATCH}) returning 1`,
  `delete from intent where id in (select id from intent
     where ended_at < now() - interval '60 days' limit ${BATCH}) returning 1`,
  `delete from ref where ctid in (select ctid from ref
     where expires_at < now() limit ${BATCH}) returning 1`,
] as const;

/** Deletes what has been kept long enough, in small batches. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly timers: Timers,
  ) {}

  onApplicationBootstrap(): void {
    this.timers.every('housekeeping', EVERY_MS, () => this.clean());
  }

  async clean(): Promise<void> {
    for (const sql of EXPIRED) {
      for (let batch = 0; batch < BATCHES; batch += 1) {
        if ((await this.database.query(sql)).length < BATCH) break;
      }
    }
  }
}
