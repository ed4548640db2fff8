import type { StockFact } from '@tillbridge/domain';

/** Something that a vendor holds, which the connector reads and tells the hub of. */
export interface Readable {
  /** True while it holds what was not read yet. */
  readonly dirty: boolean;
  /** Reads it as it is now. */
  read(): StockFact;
}
