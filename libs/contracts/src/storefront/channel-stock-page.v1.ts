import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';
import { Query } from '../message.js';

export class ChannelStockFigure {
  @IsString() readonly channelLocationId!: string;
  @IsString() readonly sku!: string;
  /** What buyers may order, in what the channel sells. Below zero when it oversold. */
  @IsInt() readonly availableUnits!: number;
}

/** Figures as the channel shows them now, at the places that our locations feed. */
export class ChannelStockPage {
  @IsArray()
  @ArrayMaxSize(5_000)
  @ValidateNested({ each: true })
  @Type(() => ChannelStockFigure)
  readonly figures!: ChannelStockFigure[];
  /** What to ask for next; left out with the last page. */
  @IsOptional() @IsString() readonly next?: string;
  /** The vendor still prepares the figures: ask for `next` not before. */
  @IsOptional() @IsInt() @Min(0) readonly notBeforeMs?: number;
}

/**
 * One page of what a channel shows: everything, or what moved since a moment, or some SKUs, which
 * are answered whole. Read anew from the vendor, behind everything else that its budget is for.
 */
@Query('qry.storefront.{connection}.stock-page.v1', ChannelStockPage)
export class AskChannelStock {
  @IsString() readonly connectionId!: string;
  /** The vendor's clock. */
  @IsOptional() @IsISO8601() readonly since?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(250) @IsString({ each: true }) readonly skus?: string[];
  /** `next` of the page before. */
  @IsOptional() @IsString() readonly after?: string;
}

/**
 * The same of a trade layer that has stock of its own. It cannot say what moved: with `since` there is
 * nothing to be read.
 */
@Query('qry.trade.{connection}.stock-page.v1', ChannelStockPage)
export class AskTradeStock extends AskChannelStock {}
