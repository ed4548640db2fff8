import type { Received } from '@tillbridge/contracts';
import type { FactSource } from '@tillbridge/domain';

/** Where a received fact is from: the connection that told it, or the service that decided it. */
export function sourceOf({ id, subject, time, data }: Received<object>): FactSource {
  const connection = 'connectionId' in data ? String(data.connectionId) : undefined;
  // A service's facts carry its name: evt.<service>.<fact>.v<n>.
  const system = connection ?? subject.split('.')[1] ?? subject;
  return { messageId: id, system, saidAt: time };
}
