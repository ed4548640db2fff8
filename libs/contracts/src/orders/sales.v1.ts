import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Query } from '../message.js';
import { SaleLine } from '../pos/sale-observed.v1.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Not the 31st of February. */
const REAL = { strict: true };
const DAY_FORM = { message: 'is a day such as 2026-03-02' };

export const SALE_KINDS = ['trade', 'till'] as const;

/** What one location sold: of a trade order what it serves of it, or a sale on its till. */
export class Sale {
  @IsIn(SALE_KINDS) readonly kind!: (typeof SALE_KINDS)[number];
  /** Our order id, or the POS's id of the sale. */
  @IsString() readonly saleId!: string;
  /** The channel: the platform's connection, or the POS's. */
  @IsString() readonly connectionId!: string;
  @IsString() readonly locationId!: string;
  /** When it was placed, or rung up. */
  @IsISO8601() readonly at!: string;
  /** Of the channel's customers. */
  @IsOptional() @IsString() readonly customerId!: string | null;
  /** The number people see; null of a till sale. */
  @IsOptional() @IsString() readonly name!: string | null;
  @IsString() @Length(3, 3) readonly currency!: string;
  /** What was charged less what was taken back, tax within. */
  @IsInt() readonly totalMinor!: number;
  /** Of a till sale; a trade order's are told by its trace. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => SaleLine) readonly lines!: SaleLine[];
  @IsOptional() @IsString() readonly returnOf!: string | null;
}

/** What the sales of one currency come to, all pages together. */
export class SalesTotal {
  @IsString() @Length(3, 3) readonly currency!: string;
  @IsInt() readonly sales!: number;
  @IsInt() readonly totalMinor!: number;
}

export class SalesPage {
  @IsArray() @ValidateNested({ each: true }) @Type(() => Sale) readonly sales!: Sale[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => SalesTotal) readonly totals!: SalesTotal[];
  /** To be given back as `after`; left out on the last page. */
  @IsOptional() @IsString() readonly next?: string;
}

/** A customer of the platform: the account that a trade order and a till sale may share. */
export class SalesAccount {
  @IsString() readonly connectionId!: string;
  @IsString() readonly customerId!: string;
}

/**
 * The one history of sales, trade orders that went to a POS and till sales alike, the latest first.
 * With an account: its trade orders, and the till sales of the POS customers that are linked to it.
 */
@Query('qry.orders.sales.v1', SalesPage)
export class AskSales {
  @IsOptional() @ValidateNested() @Type(() => SalesAccount) readonly account?: SalesAccount;
  /** Of one channel. */
  @IsOptional() @IsString() readonly connectionId?: string;
  @IsOptional() @IsString() readonly locationId?: string;
  /** First and last day, in UTC; both are within. */
  @IsOptional() @Matches(DAY, DAY_FORM) @IsISO8601(REAL) readonly fromDay?: string;
  @IsOptional() @Matches(DAY, DAY_FORM) @IsISO8601(REAL) readonly toDay?: string;
  /** `next` of the page before. */
  @IsOptional() @IsString() readonly after?: string;
  @IsInt() @Min(1) @Max(500) readonly limit!: number;
}
