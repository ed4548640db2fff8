import { Type } from 'class-transformer';
import {
  IsArray,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Min,
  ValidateNested,
} from 'class-validator';
import { Event } from '../message.js';

/** Goods or money on a till sale, in what the POS sells. */
export class SaleLine {
  /** Null for an amount that staff typed in, and for what the hub does not know. */
  @IsOptional() @IsString() readonly sku!: string | null;
  /** The catalogue's words; never what staff typed in, which may name a person. */
  @IsString() readonly title!: string;
  /** Below zero for goods that came back. What is sold by weight counts as begun units. */
  @IsInt() readonly units!: number;
  /** After discounts, below zero for a return. */
  @IsInt() readonly totalMinor!: number;
}

/** How a part of a sale was paid. */
export class SaleTender {
  /** The POS's own word: CASH, CARD, SQUARE_GIFT_CARD; REFUND for money given back. */
  @IsString() readonly kind!: string;
  @IsInt() readonly amountMinor!: number;
}

/**
 * A finished sale or return that the stores made themselves: none of our orders. For history alone;
 * its stock is told by the counts. State: the highest `revision` of (connection, sale) wins. Without
 * names or addresses.
 */
@Event('evt.pos.sale-observed.v1')
export class SaleObserved {
  @IsString() readonly connectionId!: string;
  /** The POS's id of the sale. */
  @IsString() readonly saleId!: string;
  @IsInt() @Min(1) readonly revision!: number;
  /** Our location id. */
  @IsString() readonly locationId!: string;
  /** When it was finished, by the POS's clock. */
  @IsISO8601() readonly at!: string;
  /** The POS's id of the customer, where staff named one. */
  @IsOptional() @IsString() readonly customerId?: string;
  @IsString() @Length(3, 3) readonly currency!: string;
  /** Sales less returns, tax within: what the customer paid, below zero when money went back. */
  @IsInt() readonly totalMinor!: number;
  @IsOptional() @IsInt() readonly taxMinor?: number;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SaleTender)
  readonly tenders!: SaleTender[];
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SaleLine)
  readonly lines!: SaleLine[];
  /** The sale whose goods came back, where the POS says it. */
  @IsOptional() @IsString() readonly returnOf?: string;
}
