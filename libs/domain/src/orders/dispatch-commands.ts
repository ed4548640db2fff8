import { planDispatches, type DispatchInput } from './dispatch-plan.js';
import type { LineQuantity, OrderActs, OrderPolicy } from './order-record.js';

/** What the platform or the POS is asked to do about a dispatch. */
export type DispatchCommand =
  | {
      readonly kind: 'create-fulfilment';
      readonly dispatchId: string;
      readonly connectionId: string;
      readonly vendorOrderId: string;
      readonly lines: readonly LineQuantity[];
      readonly carrier?: string;
      readonly trackingNumber?: string;
    }
  | {
      readonly kind: 'cancel-fulfilment';
      readonly cancellationId: string;
      readonly dispatchId: string;
      readonly connectionId: string;
      readonly vendorOrderId: string;
    }
  | {
      readonly kind: 'update-tracking';
      readonly trackingId: string;
      readonly dispatchId: string;
      readonly connectionId: string;
      readonly vendorOrderId: string;
      readonly carrier?: string;
      readonly trackingNumber?: string;
    }
  | {
      readonly kind: 'complete-fulfilment';
      readonly completionId: string;
      readonly connectionId: string;
      readonly postingId: string;
      readonly carrier?: string;
      readonly trackingNumber?: string;
    };

/** The acts about dispatches that are owed now, added to those asked before, and their commands. */
export function owedDispatches(
  input: DispatchInput,
  policy: OrderPolicy,
): { readonly acts: OrderActs; readonly commands: readonly DispatchCommand[] } {
  const { acts, current } = input;
  const plan = planDispatches(input, policy);
  const platform = { connectionId: current.connectionId, vendorOrderId: current.vendorId };
  const commands: DispatchCommand[] = [
    ...plan.cancels.map((act) => ({ kind: 'cancel-fulfilment' as const, ...act, ...platform })),
    ...plan.reports.map(({ dispatchId, lines, carrier, trackingNumber }) => ({
      kind: 'create-fulfilment' as const,
      dispatchId,
      ...platform,
      lines,
      ...(carrier === undefined ? {} : { carrier }),
      ...(trackingNumber === undefined ? {} : { trackingNumber }),
    })),
    ...plan.trackings.map((act) => ({ kind: 'update-tracking' as const, ...act, ...platform })),
    ...plan.completions.map(({ posting, ...act }) => ({
      kind: 'complete-fulfilment' as const,
      connectionId: posting.posConnectionId,
      ...act,
    })),
  ];
  const completions = plan.completions.map(({ completionId, postingId }) => ({
    completionId,
    postingId,
  }));
  return {
    acts: {
      ...acts,
      dispatches: [...acts.dispatches, ...plan.reports],
      reportCancels: [...acts.reportCancels, ...plan.cancels],
      trackings: [...acts.trackings, ...plan.trackings],
      posCompletions: [...acts.posCompletions, ...completions],
    },
    commands,
  };
}
