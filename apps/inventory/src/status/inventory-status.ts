import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@tillbridge/postgres';
import { StatusBook } from '@tillbridge/runtime';
import { ChannelMap } from '../merchant/channel-map.js';

type Figures = Record<
  'publicationsOpen' | 'watermarksPending' | 'retailAdjustmentsOpen' | 'busy',
  number
>;

/** What is still to be done here, for GET /status. */
@Injectable()
export class InventoryStatus implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelMap,
    private readonly status: StatusBook,
  ) {}

  onModuleInit(): void {
    this.status.report('inventory', () => this.read());
  }

  /** Rows that wait for a poll are open too; what a channel declined is not, it waits for people. */
  private async read(): Promise<Figures> {
    const [row] = await this.database.query<Figures>(
      `with figures as (
         select (select count(*) from publication
                  where connection_id = any($1::text[])
                    and (in_flight_batch is not null
                         or (desired_units <> observed_units
                             and declined_units is distinct from desired_units)))::int
                  as "publicationsOpen",
                (select count(*) from poll_pending)::int as "watermarksPending",
                (select count(*) from retail_adjustment where state = 'sent')::int
                  as "retailAdjustmentsOpen")
       select *, "publicationsOpen" + "watermarksPending" + "retailAdjustmentsOpen" as busy
         from figures`,
      [this.channels.publishedConnections],
    );
    return row as Figures;
  }
}
