import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsISO8601,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator';
import { Query } from '../message.js';

/** A trade order as the platform lists it. */
export class ListedTradeOrder {
  @IsString() readonly vendorId!: string;
  @IsString() readonly name!: string;
  /** When the platform made it. */
  @IsISO8601() readonly createdAt!: string;
}

export class TradeOrderPage {
  @IsArray()
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => ListedTradeOrder)
  readonly orders!: ListedTradeOrder[];
  /** What to ask for next; left out with the last page. */
  @IsOptional() @IsString() readonly next?: string;
}

/**
 * One page of the platform's trade orders made since a moment. Read anew from the vendor, behind
 * everything else that its budget is for.
 */
@Query('qry.storefront.{connection}.order-page.v1', TradeOrderPage)
export class AskTradeOrders {
  @IsString() readonly connectionId!: string;
  /** The vendor's clock. */
  @IsISO8601() readonly since!: string;
  /** `next` of the page before. */
  @IsOptional() @IsString() readonly after?: string;
}
