/** How many messages share a transaction. */
export const SHAPES = {
  batch: { size: 500, atOnce: 1, pool: 10 },
  /** A transaction for each message, 32 of them in flight. */
  single: { size: 1, atOnce: 32, pool: 34 },
} as const;

export type ShapeName = keyof typeof SHAPES;
