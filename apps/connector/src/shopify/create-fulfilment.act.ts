import {
  CreateFulfilment,
  Failure,
  FulfilmentCreated,
  FulfilmentRefused,
  type DispatchedLine,
} from '@tillbridge/contracts';

import type { Act, ActResult, ActRun } from '../vendor.js';
import { readFulfilmentOrders } from './fulfilment-orders.js';
import { claimOf, standingFulfilments, type FulfilmentClaims } from './fulfilment-claims.js';
import { planFulfilment, type FulfilmentPlan } from './fulfilment-plan.js';
import type { ShopifyClient } from './shopify.client.js';
import { CREATE_FULFILMENT } from './fulfilment.documents.js';
import { readFulfilmentLines, unitsByLine } from './fulfilment-lines.js';
import { toGid } from './shopify.identity.js';

/** What was true before the first call: what came after is told from it. */
interface Prepared {
  readonly plan: FulfilmentPlan;
  readonly fulfilmentIds: readonly string[];
}

/**
 * Reports a dispatch. The platform knows no key for it, so that a call whose answer was lost is
 * looked for among the order's new fulfilments before it is made again.
 */
export class CreateFulfilmentAct implements Act<CreateFulfilment> {
  readonly command = CreateFulfilment;

  constructor(
    private readonly client: ShopifyClient,
    private readonly claims: FulfilmentClaims,
  ) {}

  async perform(command: CreateFulfilment, run: ActRun): Promise<ActResult> {
    const orderId = toGid('Order', command.vendorOrderId);
    const prepared = await run.fixed('prepared', () => this.prepare(orderId, command.lines));
    const ids: string[] = [];
    for (const [index] of prepared.plan.entries()) {
      ids.push(
        await run.step(`create-${index}`, async () => {
          const made = await this.findMade(orderId, command, { run, prepared, index });
          return made ?? (await this.create(orderId, command, { prepared, index }));
        }),
      );
    }
    const fulfilmentId = ids[0] ?? '';
    const { dispatchId, connectionId, orderId: ours } = command;
    const done = { dispatchId, connectionId, orderId: ours, fulfilmentId };
    return { messages: () => [Object.assign(new FulfilmentCreated(), done)] };
  }

  refused(command: CreateFulfilment, failure: Failure): object[] {
    return [toRefused(command, failure.message)];
  }

  notSent(command: CreateFulfilment): object[] {
    return [toRefused(command, 'observe: nothing was sent')];
  }

  private async prepare(orderId: string, lines: readonly DispatchedLine[]): Promise<Prepared> {
    const asked = await readFulfilmentOrders(this.client, orderId);
    if (asked === null) {
      throw new Failure('not-found', 'never', `the platform has no order ${orderId}`);
    }
    const plan = planFulfilment(asked.fulfilmentOrders, lines);
    return { plan, fulfilmentIds: asked.standing };
  }

  /** Only a run after the first can have a call behind it whose answer was lost. */
  private async findMade(
    orderId: string,
    command: CreateFulfilment,
    { run, prepared, index }: { run: ActRun; prepared: Prepared; index: number },
  ): Promise<string | undefined> {
    if (run.attempt === 1) return undefined;
    const wanted = unitsByLine(prepared.plan[index]!.lines);
    const fresh = (await standingFulfilments(this.client, orderId)).filter(
      (id) => !prepared.fulfilmentIds.includes(id),
    );
    const claims = await this.claims.of(fresh);
    const claim = claimOf(command.dispatchId, index);
    for (const id of fresh) {
      const holder = claims.get(id);
      if (holder === claim) return id;
      if (holder !== undefined) continue;
      if (!sameUnits(wanted, unitsByLine(await readFulfilmentLines(this.client, id)))) continue;
      await this.claims.put(id, claim);
      return id;
    }
    return undefined;
  }

  private async create(
    orderId: string,
    command: CreateFulfilment,
    { prepared, index }: { prepared: Prepared; index: number },
  ): Promise<string> {
    const { lineItemsByFulfillmentOrder } = prepared.plan[index]!;
    const { carrier, trackingNumber } = command;
    const trackingInfo = { company: carrier, number: trackingNumber };
    const tracked = carrier !== undefined || trackingNumber !== undefined;
    const { fulfillmentCreate } = await this.client.send(CREATE_FULFILMENT, {
      fulfillment: {
        notifyCustomer: false,
        lineItemsByFulfillmentOrder,
        ...(tracked ? { trackingInfo } : {}),
      },
    });
    const id = fulfillmentCreate?.fulfillment?.id;
    if (id === undefined) {
      const reasons = (fulfillmentCreate?.userErrors ?? []).map(({ message }) => message);
      const text = `the platform refused a fulfilment of ${orderId}: ${reasons.join('; ')}`;
      throw new Failure('vendor-refused', 'never', text);
    }
    await this.claims.put(id, claimOf(command.dispatchId, index));
    return id;
  }
}

function sameUnits(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([lineId, quantity]) => b.get(lineId) === quantity);
}

function toRefused(command: CreateFulfilment, reason: string): FulfilmentRefused {
  const { dispatchId, connectionId, orderId } = command;
  return Object.assign(new FulfilmentRefused(), { dispatchId, connectionId, orderId, reason });
}
