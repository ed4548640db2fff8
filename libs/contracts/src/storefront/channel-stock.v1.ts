import { Type } from 'class-transformer';
import {
  IsArray,
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

/**
 * The channel's own figure of what buyers may order, in what the channel sells. State: the
 * highest `revision` per (connection, channel location, SKU) wins.
 */
@Event('evt.storefront.stock-observed.v1')
export class ChannelStockObserved {
  @IsString() readonly connectionId!: string;
  @IsString() readonly channelLocationId!: string;
  @IsString() readonly sku!: string;
  /** Below zero when the channel oversold. */
  @IsInt() readonly availableUnits!: number;
  @IsInt() @Min(1) readonly revision!: number;
  @IsISO8601() readonly observedAt!: string;
}

export class StockTarget {
  @IsString() readonly channelLocationId!: string;
  @IsString() readonly sku!: string;
  /** What we believe the channel shows now; compared by the channel where it can. */
  @IsInt() readonly fromUnits!: number;
  @IsInt() @Min(0) readonly toUnits!: number;
}

/** Sets the channel's figures. One batch is one vendor call where the vendor allows it. */
@Command('cmd.storefront.{connection}.set-stock.v1')
export class SetStock {
  @IsUUID() readonly batchId!: string;
  @IsString() readonly connectionId!: string;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StockTarget)
  readonly items!: StockTarget[];
}

/**
 * Overwrites the figures of a trade layer that has stock of its own. What it is believed to show
 * (`fromUnits`) is looked at just before, since it compares nothing itself.
 */
@Command('cmd.trade.{connection}.set-stock.v1')
export class SetTradeStock extends SetStock {}

export class StockSetResult {
  @IsString() readonly channelLocationId!: string;
  @IsString() readonly sku!: string;
  /** `stale`: the figure had moved; `observed` in mode observe: nothing was sent. */
  @IsIn(['set', 'stale', 'refused', 'not-sent']) readonly outcome!:
    'set' | 'stale' | 'refused' | 'not-sent';
  /** The channel's figure after the call (`set`) or as re-read (`stale`). */
  @IsOptional() @IsInt() readonly availableUnits?: number;
  @IsOptional() @IsInt() @Min(1) readonly revision?: number;
  @IsOptional() @IsString() readonly reason?: string;
}

/** What became of a SetStock. `revision` counts with ChannelStockObserved's. */
@Event('evt.storefront.stock-set.v1')
export class StockSet {
  @IsUUID() readonly batchId!: string;
  @IsString() readonly connectionId!: string;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StockSetResult)
  readonly results!: StockSetResult[];
}
