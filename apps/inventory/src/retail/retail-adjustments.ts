import { AdjustChannelStock, AdjustStock } from '@tillbridge/contracts';
import {
  decideRetailAdjustments,
  sumBySku,
  type BaseUnits,
  type LeavingLine,
  type RetailAdjustment,
  type Share,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { v5 as uuidv5 } from 'uuid';
import type { ChannelMap } from '../merchant/channel-map.js';

/** A retail order with what the hub has to have taken out of the masters for it. */
export interface LeavingOrder {
  readonly orderId: string;
  readonly shares: readonly Share[];
  readonly leaving: readonly LeavingLine[];
}

type Adjustment = AdjustStock | AdjustChannelStock;

interface AskedRow {
  readonly orderId: string;
  readonly locationId: string;
  readonly units: readonly BaseUnits[];
}

/** Asks the masters for what left and was not asked for before, once a dispatched part. */
export async function adjustRetailStock(
  tx: Transaction,
  channels: ChannelMap,
  orders: readonly LeavingOrder[],
  now: Date,
): Promise<void> {
  const due = orders.filter(({ leaving }) => leaving.length > 0);
  if (due.length === 0) return;
  const asked = await readAsked(
    tx,
    due.map(({ orderId }) => orderId),
  );
  const wanted = due.flatMap(({ orderId, shares, leaving }) =>
    decideRetailAdjustments(shares, leaving, asked.get(orderId) ?? new Map()).map((adjustment) =>
      toCommand(channels, { orderId, adjustment, now }),
    ),
  );
  if (wanted.length === 0) return;
  await saveAsked(tx, wanted);
  tx.send(wanted);
}

/** Units asked for so far, by order and location. */
async function readAsked(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<Map<string, Map<string, BaseUnits[]>>> {
  const rows = await tx.query<AskedRow>(
    `select order_id as "orderId", location_id as "locationId", units
       from retail_adjustment where order_id = any($1::uuid[])`,
    [orderIds],
  );
  const asked = new Map<string, Map<string, BaseUnits[]>>();
  for (const { orderId, locationId, units } of rows) {
    const byLocation = asked.get(orderId) ?? new Map<string, BaseUnits[]>();
    byLocation.set(locationId, sumBySku([...(byLocation.get(locationId) ?? []), ...units]));
    asked.set(orderId, byLocation);
  }
  return asked;
}

async function saveAsked(tx: Transaction, commands: readonly Adjustment[]): Promise<void> {
  await tx.query(
    `insert into retail_adjustment (adjustment_id, order_id, location_id, units, state)
     select "adjustmentId", "orderId", "locationId", units, 'sent'
       from jsonb_to_recordset($1::jsonb)
         as a("adjustmentId" uuid, "orderId" uuid, "locationId" text, units jsonb)`,
    [
      JSON.stringify(
        commands.map(({ adjustmentId, orderId, locationId, changes }) => ({
          adjustmentId,
          orderId,
          locationId,
          units: changes.map(({ sku, units }) => ({ sku, units: -units })),
        })),
      ),
    ],
  );
}

/**
 * The id is made of all that has left by now, so that a repeat after any loss is recognised. It is dated
 * when the hub heard that the goods had left: people who count before the master books it miss them.
 */
function toCommand(
  channels: ChannelMap,
  about: { readonly orderId: string; readonly adjustment: RetailAdjustment; readonly now: Date },
): Adjustment {
  const { orderId, now } = about;
  const { locationId, units, cumulative } = about.adjustment;
  const gone = JSON.stringify([locationId, cumulative.map(({ sku, units: out }) => [sku, out])]);
  const type = channels.isOwnPlace(locationId) ? AdjustChannelStock : AdjustStock;
  return Object.assign(new type(), {
    adjustmentId: uuidv5(gone, orderId),
    connectionId: channels.masterOf(locationId),
    orderId,
    locationId,
    happenedAt: now.toISOString(),
    changes: units.map(({ sku, units: out }) => ({ sku, units: -out })),
  });
}
