import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Min,
  ValidateNested,
} from 'class-validator';
import { Event } from '../message.js';

export const CAUSE_KINDS = [
  'order',
  'reversal',
  'retail-dispatch',
  'sale',
  'return',
  'physical-count',
  'receipt',
  'waste',
  'other',
] as const;
/**
 * Why the master's figure moved. `order`: an order we posted was deducted. `reversal`: our
 * putting back of cancelled goods. `retail-dispatch`: our adjustment for a retail order. `return`: goods
 * came back, of an order we posted where it is named. The rest happened in the store.
 */
export type CauseKind = (typeof CAUSE_KINDS)[number];

export class StockCause {
  /** The master's ledger id: the same cause seen twice has the same id. */
  @IsString() readonly causeId!: string;
  @IsIn(CAUSE_KINDS) readonly kind!: CauseKind;
  /** Our order, for `order`, `reversal` and `retail-dispatch`, and for a `return` where it is known. */
  @IsOptional() @IsUUID() readonly orderId?: string;
  /** The posting of that order, where the cause is of one. */
  @IsOptional() @IsUUID() readonly postingId?: string;
  /** Signed change of on hand: below zero is out. For `physical-count` the counted figure. */
  @IsInt() readonly units!: number;
  /** When the figure took it in: the master's clock, as text that sorts: ISO 8601 UTC with fixed fraction. */
  @IsString() readonly at!: string;
  /** When it happened, where the master dates it otherwise; the figure of a later count leaves it out. */
  @IsOptional() @IsString() readonly happenedAt?: string;
}

/**
 * The master's on hand for one SKU at one location, and the causes since the mark before. The
 * figure with the latest `countedAt` (then `revision`) wins; causes add up by `causeId`. The figure
 * contains the causes whose clock is not after `countedAt`.
 */
@Event('evt.pos.stock-counted.v1')
export class StockCounted {
  @IsString() readonly connectionId!: string;
  /** Our location id. */
  @IsString() readonly locationId!: string;
  /** The master's own id of it: a location that was another shelf before is told apart by it. */
  @IsOptional() @IsString() readonly vendorLocationId?: string;
  @IsString() readonly sku!: string;
  /** Below zero when the store oversold. */
  @IsInt() readonly onHandUnits!: number;
  /** The master's clock, as text that sorts: ISO 8601 UTC with fixed fraction. */
  @IsString() readonly countedAt!: string;
  @IsInt() @Min(1) readonly revision!: number;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StockCause)
  readonly causes!: StockCause[];
}
