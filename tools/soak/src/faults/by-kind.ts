/** Messages of a batch as consumers get them: each kind by itself, in the order of arrival. */
export function byKind<T extends { readonly kind: string }>(messages: readonly T[]): T[] {
  return [...kindsOf(messages).values()].flat();
}

/** The same, one list for each kind. */
export function kindsOf<T extends { readonly kind: string }>(
  messages: readonly T[],
): Map<T['kind'], T[]> {
  const kinds = new Map<T['kind'], T[]>();
  for (const message of messages) {
    const own = kinds.get(message.kind);
    if (own === undefined) kinds.set(message.kind, [message]);
    else own.push(message);
  }
  return kinds;
}
