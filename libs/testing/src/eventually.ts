/**
 * Repeats `check` until it passes, and returns what it returned.
 * @throws what `check` threw last, when it has not passed within `withinMs`.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { withinMs = 5000, everyMs = 20 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
