/** A global id: gid://shopify/Order/5001. */
export function toGid(type: string, number: number | string): string {
  return `gid://shopify/${type}/${number}`;
}

/** The number at the end of a global id, without its query string; a bare number is itself. */
export function numberOf(id: string): number {
  // No pattern: pages of thousands of levels are sorted by this.
  const query = id.indexOf('?');
  const number = Number(id.slice(id.lastIndexOf('/') + 1, query === -1 ? undefined : query));
  if (!Number.isSafeInteger(number)) throw new Error(`Not an id: ${id}`);
  return number;
}

/** The type named in a global id, or null when it is none. */
export function typeOf(id: string): string | null {
  return /^gid:\/\/shopify\/([A-Za-z]+)\/.+$/.exec(id)?.[1] ?? null;
}

/** Numbers of one kind, as the platform hands them out: rising, never twice. */
export class IdSequence {
  constructor(
    private readonly type: string,
    private last: number,
  ) {}

  next(): string {
    this.last += 1;
    return toGid(this.type, this.last);
  }
}
