import { Controller } from '@nestjs/common';
import { AvailabilityChanged, ChannelStockObserved, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { Delays } from './delays.js';

const batch = {
  size: Number(process.env['BENCH_SIZE']),
  atOnce: Number(process.env['BENCH_AT_ONCE']),
};

/** A row and a message out for every message in: the least that a service does. */
@Controller()
export class FiguresHandler {
  constructor(
    private readonly database: Database,
    private readonly delays: Delays,
  ) {}

  @Consumes(ChannelStockObserved, { batch })
  async apply(received: Received<ChannelStockObserved>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      await tx.query(
        `INSERT INTO figure (message_id, sku, units)
         SELECT * FROM unnest($1::text[], $2::text[], $3::int[])`,
        [
          fresh.map(({ id }) => id),
          fresh.map(({ data }) => data.sku),
          fresh.map(({ data }) => data.availableUnits),
        ],
      );
      tx.send(fresh.map(({ data }) => toAvailability(data)));
    });
    this.delays.note(received);
  }
}

function toAvailability(observed: ChannelStockObserved): AvailabilityChanged {
  const { connectionId, channelLocationId, sku, availableUnits, observedAt: asOf } = observed;
  const plain = { connectionId, channelLocationId, sku, availableUnits, asOf };
  return Object.assign(new AvailabilityChanged(), plain);
}
