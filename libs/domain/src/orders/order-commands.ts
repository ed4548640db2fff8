import { owedDispatches, type DispatchCommand } from './dispatch-commands.js';
import { balancePostings, type ReversalPlan } from './reversal-plan.js';
import { currentOf, type ObservedOrderState } from './order-facts.js';
import { isCancelled, isPromised } from './order-reading.js';
import {
  planPostings,
  postingNameOf,
  type PlannedLine,
  type PostingPlan,
  type SplitPart,
} from './posting-plan.js';
import type { OrderActs, OrderPolicy, OrderRecord } from './order-record.js';

/** An outside act that an order owes. Each has an id that a repeat has too. */
export type OrderCommand =
  | {
      readonly kind: 'post-order';
      readonly postingId: string;
      readonly connectionId: string;
      readonly locationId: string;
      /** Where the POS could not hold the lines in one order. */
      readonly split?: SplitPart;
      readonly orderName: string;
      readonly placedAt: string;
      readonly poNumber?: string;
      readonly storefrontConnectionId: string;
      readonly customerId?: string;
      readonly currency: string;
      readonly tender: { readonly name: string; readonly kind: string };
      readonly lines: readonly PlannedLine[];
      readonly discountMinor: number;
      readonly totalMinor: number;
    }
  | {
      readonly kind: 'reverse-order';
      readonly reversalId: string;
      readonly connectionId: string;
      readonly postingId: string;
      readonly locationId: string;
      readonly whole: boolean;
      readonly amountMinor: number;
      readonly currency: string;
      readonly changes: readonly { readonly sku: string; readonly units: number }[];
    }
  | DispatchCommand
  | {
      readonly kind: 'complete-draft';
      readonly connectionId: string;
      readonly vendorDraftId: string;
    };

export interface OwedCommands {
  /** The acts with those added that are asked for now. */
  readonly acts: OrderActs;
  readonly commands: readonly OrderCommand[];
}

/** The acts that the record calls for and does not hold yet. */
export function owedCommands(record: OrderRecord, policy: OrderPolicy): OwedCommands {
  const current = currentOf(record.facts);
  if (current === undefined || !record.facts.everTrade) return { acts: record.acts, commands: [] };
  const posting = record.acts.postings.length > 0;
  const first = posting ? nothing(record.acts) : owedBeforePosting(record, current, policy);
  const after = owedAfterPosting({ ...record, acts: first.acts }, current, policy);
  return { acts: after.acts, commands: [...first.commands, ...after.commands] };
}

function nothing(acts: OrderActs): OwedCommands {
  return { acts, commands: [] };
}

function owedBeforePosting(
  record: OrderRecord,
  current: ObservedOrderState,
  policy: OrderPolicy,
): OwedCommands {
  const { acts } = record;
  if (!isPromised(record, current, policy)) return nothing(acts);
  if (current.stage === 'draft') return owedToDraft(record, current, policy);
  const plans = planPostings(current, record.facts.allocation, policy);
  const posted = plans.map((plan) => {
    const pos = policy.locations.find(({ id }) => id === plan.locationId);
    const postingId = policy.deriveId(postingNameOf(record.orderId, plan));
    return { plan, postingId, posConnectionId: pos?.posConnectionId ?? '' };
  });
  return {
    acts: {
      ...acts,
      postings: posted.map(({ plan, postingId, posConnectionId }) => {
        const { locationId, parts, totalMinor } = plan;
        return { postingId, locationId, posConnectionId, parts, totalMinor };
      }),
    },
    commands: posted.map(({ plan, postingId, posConnectionId }) =>
      toPostOrder(record, current, plan, { postingId, posConnectionId }),
    ),
  };
}

function toPostOrder(
  record: OrderRecord,
  current: ObservedOrderState,
  plan: PostingPlan,
  to: { readonly postingId: string; readonly posConnectionId: string },
): OrderCommand {
  const { draft, purchase, tender } = record.facts;
  const poNumber = current.poNumber ?? draft?.poNumber ?? purchase?.poNumber;
  const customerId = current.customerId ?? draft?.customerId;
  return {
    kind: 'post-order',
    postingId: to.postingId,
    connectionId: to.posConnectionId,
    locationId: plan.locationId,
    ...(plan.split === undefined ? {} : { split: plan.split }),
    orderName: current.name,
    placedAt: current.placedAt,
    ...(poNumber === undefined ? {} : { poNumber }),
    storefrontConnectionId: current.connectionId,
    ...(customerId === undefined ? {} : { customerId }),
    currency: current.currency,
    tender: tender?.tender ?? { name: '', kind: '' },
    lines: plan.lines,
    discountMinor: plan.discountMinor,
    totalMinor: plan.totalMinor,
  };
}

function owedToDraft(
  record: OrderRecord,
  current: ObservedOrderState,
  policy: OrderPolicy,
): OwedCommands {
  const { acts } = record;
  const owed =
    policy.completeDrafts === 'hub' && current.status === 'open' && !acts.draftCompletion;
  if (!owed) return nothing(acts);
  const { connectionId, vendorId } = current;
  return {
    acts: { ...acts, draftCompletion: true },
    commands: [{ kind: 'complete-draft', connectionId, vendorDraftId: vendorId }],
  };
}

/** Reversals first: what is taken back is not reported as dispatched. */
function owedAfterPosting(
  record: OrderRecord,
  current: ObservedOrderState,
  policy: OrderPolicy,
): OwedCommands {
  const { acts, facts } = record;
  if (acts.postings.length === 0) return nothing(acts);
  const cancelled = isCancelled(current);
  const balance = balancePostings(current, cancelled, facts, acts, policy);
  const dispatched = owedDispatches({ current, cancelled, facts, acts, balance }, policy);
  const reversals = balance.reversals.map(({ reversalId, postingId, parts, amountMinor }) => ({
    reversalId,
    postingId,
    parts,
    amountMinor,
  }));
  return {
    acts: { ...dispatched.acts, reversals: [...acts.reversals, ...reversals] },
    commands: [
      ...balance.reversals.map((plan) => toReverseOrder(plan, current)),
      ...dispatched.commands,
    ],
  };
}

function toReverseOrder(plan: ReversalPlan, current: ObservedOrderState): OrderCommand {
  return {
    kind: 'reverse-order',
    reversalId: plan.reversalId,
    connectionId: plan.posting.posConnectionId,
    postingId: plan.postingId,
    locationId: plan.posting.locationId,
    whole: plan.whole,
    amountMinor: plan.amountMinor,
    currency: current.currency,
    changes: plan.changes,
  };
}
