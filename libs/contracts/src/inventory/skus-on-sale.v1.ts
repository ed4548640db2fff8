import { IsArray, IsOptional, IsString } from 'class-validator';
import { Query } from '../message.js';

export class SkusOnSale {
  /** At most 500, in order; fewer only at the end. */
  @IsArray() @IsString({ each: true }) readonly skus!: string[];
}

/** What a platform shows stock of: what the trade layer on it may sell. */
@Query('qry.inventory.skus-on-sale.v1', SkusOnSale)
export class AskSkusOnSale {
  /** The platform. */
  @IsString() readonly connectionId!: string;
  /** The last SKU of the page before. */
  @IsOptional() @IsString() readonly after?: string;
}
