import { owedDispatches, type DispatchCommand } from './dispatch-commands.js';
import { balancePostings, type ReversalPlan } from './reversal-plan.js';
import { currentOf, type ObservedOrderState } from './order-facts.js';
import { isCancelled, isPromised } from './order-reading.js';
import { planReturns, type ReturnPlan } from './returns-plan.js';
import { owedPostings } from './owed-postings.js';
import type { PlannedLine, PostingPlan, SplitPart } from './posting-plan.js';
import type {
  OrderActs,
  OrderPolicy,
  OrderRecord,
  PostingAct,
  ReturnAct,
  ReversalAct,
} from './order-record.js';

/** An outside act that an order owes. Each has an id that a repeat has too. */
export type OrderCommand =
  | {
      readonly kind: 'post-order';
      readonly postingId: string;
      readonly connectionId: string;
      readonly locationId: string;
      /** Where the POS could not hold the lines in one order. */
      readonly split?: SplitPart;
      /** 1 for the first; a later one stands for what was voided. */
      readonly revision: number;
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
      /** We told the POS ourselves that all has left. */
      readonly toldDispatched?: boolean;
      readonly amountMinor: number;
      readonly currency: string;
      readonly changes: readonly { readonly sku: string; readonly units: number }[];
      /** True for goods that had left and came back: their shipment stays as it is. */
      readonly returned?: boolean;
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

/** Answers that came before their questions may lead on by themselves, and not for ever. */
const MOST_ROUNDS = 20;

/** The acts that the record calls for and does not hold yet. */
export function owedCommands(record: OrderRecord, policy: OrderPolicy): OwedCommands {
  const current = currentOf(record.facts);
  if (current === undefined || !record.facts.everTrade) return nothing(record.acts);
  if (current.stage === 'draft') return owedToDraft(record, current, policy);
  let { acts } = record;
  const commands: OrderCommand[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const owed = owedOfOrder({ ...record, acts }, current, policy);
    acts = owed.acts;
    commands.push(...owed.commands);
    // What is asked now may make more owed: nothing is left for the next fact to find.
    if (owed.commands.length === 0) break;
  }
  return { acts, commands };
}

function nothing(acts: OrderActs): OwedCommands {
  return { acts, commands: [] };
}

function owedToDraft(
  record: OrderRecord,
  current: ObservedOrderState,
  policy: OrderPolicy,
): OwedCommands {
  const { acts } = record;
  const owed =
    policy.completeDrafts === 'hub' && current.status === 'open' && !acts.draftCompletion;
  if (!owed || !isPromised(record, current, policy)) return nothing(acts);
  const { connectionId, vendorId } = current;
  return {
    acts: { ...acts, draftCompletion: true },
    commands: [{ kind: 'complete-draft', connectionId, vendorDraftId: vendorId }],
  };
}

/** Reversals first: what is taken back is not reported as dispatched. */
function owedOfOrder(
  record: OrderRecord,
  current: ObservedOrderState,
  policy: OrderPolicy,
): OwedCommands {
  const { acts, facts } = record;
  const cancelled = isCancelled(current);
  const balance = balancePostings(current, cancelled, facts, acts, policy);
  const owed = owedPostings(record, current, balance, policy);
  const input = { current, cancelled, facts, acts, balance };
  const dispatched = owedDispatches(input, policy);
  const reversals = [...balance.reversals, ...owed.reversals];
  // A return gives back what the reversals leave: the next round knows them.
  const returns = reversals.length > 0 ? [] : planReturns(input, policy).returns;
  return {
    acts: {
      ...dispatched.acts,
      postings: [...acts.postings, ...owed.posts.map(({ act }) => act)],
      reversals: [...acts.reversals, ...reversals.map(toReversalAct)],
      returns: [...acts.returns, ...returns.map(toReturnAct)],
    },
    commands: [
      ...owed.posts.map(({ act, plan }) => toPostOrder(record, current, act, plan)),
      ...reversals.map((plan) => toReverseOrder(plan, current, acts)),
      ...returns.filter(({ asks }) => asks).map((plan) => toReturnOrder(plan, current)),
      ...dispatched.commands,
    ],
  };
}

function toReversalAct(plan: ReversalPlan): ReversalAct {
  const { reversalId, postingId, parts, amountMinor, voids } = plan;
  return { reversalId, postingId, parts, amountMinor, ...(voids ? { voids } : {}) };
}

function toReturnAct({ posting: _, changes: __, ...act }: ReturnPlan): ReturnAct {
  return act;
}

function toReturnOrder(plan: ReturnPlan, current: ObservedOrderState): OrderCommand {
  return {
    kind: 'reverse-order',
    reversalId: plan.returnId,
    connectionId: plan.posting.posConnectionId,
    postingId: plan.postingId,
    locationId: plan.posting.locationId,
    whole: false,
    amountMinor: plan.amountMinor,
    currency: current.currency,
    changes: plan.changes,
    returned: true,
  };
}

function toPostOrder(
  { facts }: OrderRecord,
  current: ObservedOrderState,
  act: PostingAct,
  plan: PostingPlan,
): OrderCommand {
  const customerId = current.customerId ?? facts.draft?.customerId;
  return {
    kind: 'post-order',
    postingId: act.postingId,
    connectionId: act.posConnectionId,
    locationId: act.locationId,
    ...(plan.split === undefined ? {} : { split: plan.split }),
    revision: act.revision,
    orderName: current.name,
    placedAt: current.placedAt,
    ...(act.poNumber === undefined ? {} : { poNumber: act.poNumber }),
    storefrontConnectionId: current.connectionId,
    ...(customerId === undefined ? {} : { customerId }),
    currency: current.currency,
    tender: act.tender ?? { name: '', kind: '' },
    lines: plan.lines,
    discountMinor: plan.discountMinor,
    totalMinor: plan.totalMinor,
  };
}

function toReverseOrder(
  plan: ReversalPlan,
  current: ObservedOrderState,
  { posCompletions }: OrderActs,
): OrderCommand {
  const told = posCompletions.some(({ postingId }) => postingId === plan.postingId);
  return {
    kind: 'reverse-order',
    reversalId: plan.reversalId,
    connectionId: plan.posting.posConnectionId,
    postingId: plan.postingId,
    locationId: plan.posting.locationId,
    whole: plan.whole,
    ...(told ? { toldDispatched: true } : {}),
    amountMinor: plan.amountMinor,
    currency: current.currency,
    changes: plan.changes,
  };
}
