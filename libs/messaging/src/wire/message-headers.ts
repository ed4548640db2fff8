import { headers, type MsgHdrs } from '@nats-io/transport-node';

/**
 * Header values as the CloudEvents bindings write them: what is not printable ASCII, and `"` and
 * `%`, percent-encoded. A line break in a value would otherwise begin a new header.
 */
export function encodeHeader(value: string): string {
  return value
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll(/[^\x21\x23\x24\x26-\x7e]+/gu, encodeURIComponent);
}

/** The reverse; a value that is not encoded rightly is taken as it stands. */
export function decodeHeader(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

export function toHeaders(values: Readonly<Record<string, string>>): MsgHdrs {
  const found = headers();
  for (const [name, value] of Object.entries(values)) found.set(name, encodeHeader(value));
  return found;
}

export function fromHeaders(found: MsgHdrs | undefined): Record<string, string> {
  const values: Record<string, string> = {};
  if (found === undefined) return values;
  for (const name of found.keys()) values[name.toLowerCase()] = decodeHeader(found.get(name));
  return values;
}
