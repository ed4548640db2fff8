import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '@tillbridge/runtime';

/** What the connector puts on the wire, under whatever subject: CloudEvents 1.0, binary mode. */
export function toOutgoing(subject: string, type: string, about: string, data: object) {
  const id = randomUUID();
  const headers = {
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-type': type,
    'ce-source': '/tillbridge/connector',
    'ce-subject': about,
    'ce-time': new Date().toISOString(),
    'content-type': 'application/json',
    traceparent: `00-${id.replaceAll('-', '')}-${id.slice(0, 8)}${id.slice(-8)}-01`,
  };
  return { id, subject, headers, payload: JSON.stringify(data) } satisfies OutgoingMessage;
}
