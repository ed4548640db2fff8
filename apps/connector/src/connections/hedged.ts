/**
 * Asks once more when an answer is late, and takes whichever comes first: a slow one among many then
 * holds up nobody for long. Only for what may be done twice, such as reading. `again` may wait for a
 * budget before it asks.
 *
 * @throws what the last of the questions under way threw; a first one that fails early is not asked again.
 */
export function hedged<T>(
  lateMs: number,
  first: () => Promise<T>,
  again: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let underWay = 1;
    const failed = (error: unknown): void => {
      underWay -= 1;
      if (underWay > 0) return;
      clearTimeout(timer);
      reject(error);
    };
    const answered = (value: T): void => {
      clearTimeout(timer);
      resolve(value);
    };
    const timer = setTimeout(() => {
      underWay += 1;
      again().then(answered, failed);
    }, lateMs);
    first().then(answered, failed);
  });
}
