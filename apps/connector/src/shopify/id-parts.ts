/** Ids in parts of a size, in their order. */
export function partsOf(ids: readonly string[], size: number): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at < ids.length; at += size) parts.push(ids.slice(at, at + size));
  return parts;
}
