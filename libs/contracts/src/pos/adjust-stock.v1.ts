import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Min,
  ValidateNested,
} from 'class-validator';
import { Command, Event } from '../message.js';

export class UnitChange {
  @IsString() readonly sku!: string;
  /** Below zero takes out, above zero puts back. */
  @IsInt() readonly units!: number;
}

/** Takes retail goods out of the master at dispatch (R4), once per `adjustmentId`. */
@Command('cmd.pos.{connection}.adjust-stock.v1')
export class AdjustStock {
  @IsUUID() readonly adjustmentId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsString() readonly locationId!: string;
  /** When the goods left, by our clock: a count since then has missed them already. ISO 8601. */
  @IsOptional() @IsISO8601() readonly happenedAt?: string;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => UnitChange)
  readonly changes!: UnitChange[];
}

/**
 * Takes the units of a pack or a kit out of a place of the platform's own, which has counted only the
 * pack itself. Once per `adjustmentId`.
 */
@Command('cmd.storefront.{connection}.adjust-stock.v1')
export class AdjustChannelStock extends AdjustStock {}

/**
 * Takes back, whole or in part, an order the POS has already deducted: the money of its tender, and
 * the units onto the shelf. Once per `reversalId`.
 */
@Command('cmd.pos.{connection}.reverse-order.v1')
export class ReverseOrder {
  @IsUUID() readonly reversalId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsUUID() readonly postingId!: string;
  @IsString() readonly locationId!: string;
  /** True when nothing of the posting is left to dispatch. */
  @IsBoolean() readonly whole!: boolean;
  /** True for goods that had left and came back: the shipment is left as it is. */
  @IsOptional() @IsBoolean() readonly returned?: boolean;
  /** True when we told the POS ourselves that all of it has left: that it says so proves nothing. */
  @IsOptional() @IsBoolean() readonly toldDispatched?: boolean;
  @IsInt() @Min(0) readonly amountMinor!: number;
  @IsString() readonly currency!: string;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => UnitChange)
  readonly changes!: UnitChange[];
}

/** What became of an AdjustStock, an AdjustChannelStock or a ReverseOrder. */
@Event('evt.pos.stock-adjusted.v1')
export class StockAdjusted {
  /** The adjustmentId or reversalId. */
  @IsUUID() readonly adjustmentId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsIn(['done', 'refused', 'not-sent']) readonly outcome!: 'done' | 'refused' | 'not-sent';
  @IsOptional() @IsString() readonly reason?: string;
}
