import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';
import { Query } from '../message.js';

/** An order in the POS that carries our marks. */
export class HeldPosOrder {
  @IsString() readonly posOrderId!: string;
  /** The posting that it says it is. */
  @IsUUID() readonly postingId!: string;
  /** False once it is cancelled there. */
  @IsBoolean() readonly live!: boolean;
  @IsISO8601() readonly createdAt!: string;
}

export class PosOrderPage {
  @IsArray()
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => HeldPosOrder)
  readonly orders!: HeldPosOrder[];
  /** What to ask for next; left out with the last page. */
  @IsOptional() @IsString() readonly next?: string;
}

/**
 * One page of the POS's orders that look like ours: those made since a moment, or some by their ids,
 * of which unknown ones are left out. Read anew from the vendor, behind everything else that its
 * budget is for.
 */
@Query('qry.pos.{connection}.order-page.v1', PosOrderPage)
export class AskPosOrders {
  @IsString() readonly connectionId!: string;
  /** The vendor's clock. */
  @IsOptional() @IsISO8601() readonly since?: string;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  readonly posOrderIds?: string[];
  /** `next` of the page before. */
  @IsOptional() @IsString() readonly after?: string;
}
