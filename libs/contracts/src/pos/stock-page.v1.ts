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

export class MasterStockFigure {
  /** Our location id. */
  @IsString() readonly locationId!: string;
  @IsString() readonly sku!: string;
  /** Below zero when the store oversold. */
  @IsInt() readonly onHandUnits!: number;
  /** The master's clock, as text that sorts: ISO 8601 UTC with fixed fraction. */
  @IsString() readonly countedAt!: string;
}

/** Figures as the master gives them out now. They are compared with what its facts have told. */
export class MasterStockPage {
  @IsArray()
  @ArrayMaxSize(5_000)
  @ValidateNested({ each: true })
  @Type(() => MasterStockFigure)
  readonly figures!: MasterStockFigure[];
  /** What to ask for next; left out with the last page. */
  @IsOptional() @IsString() readonly next?: string;
  /** The vendor still prepares the figures: ask for `next` not before. */
  @IsOptional() @IsInt() @Min(0) readonly notBeforeMs?: number;
}

/**
 * One page of a master's figures: all of them, or what moved since a moment, or of some SKUs, which
 * are answered whole. Read anew from the vendor, behind everything else that its budget is for.
 */
@Query('qry.pos.{connection}.stock-page.v1', MasterStockPage)
export class AskMasterStock {
  @IsString() readonly connectionId!: string;
  /** The vendor's clock. */
  @IsOptional() @IsISO8601() readonly since?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(250) @IsString({ each: true }) readonly skus?: string[];
  /** `next` of the page before. */
  @IsOptional() @IsString() readonly after?: string;
}
