import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Min,
  ValidateNested,
} from 'class-validator';
import { Event, Query } from '../message.js';
import { Tender } from '../pos/post-order.v1.js';

/** Which tender a trade order carries into the POS; without one the order is held. */
@Event('evt.payments.tender-decided.v1')
export class TenderDecided {
  @IsUUID() readonly orderId!: string;
  /** OrderChanged.revision that this answers; the highest wins. */
  @IsInt() @Min(1) readonly revision!: number;
  @IsIn(['decided', 'unmapped']) readonly outcome!: 'decided' | 'unmapped';
  @IsOptional() @ValidateNested() @Type(() => Tender) readonly tender?: Tender;
}

/** What a customer owes for one pay-later order. */
export class Receivable {
  @IsUUID() readonly orderId!: string;
  @IsString() readonly orderName!: string;
  @IsInt() @Min(0) readonly amountMinor!: number;
  @IsString() @Length(3, 3) readonly currency!: string;
  /** `void`: the order was cancelled before anything was settled. */
  @IsIn(['open', 'void']) readonly state!: 'open' | 'void';
}

/** A receivable was opened or its amount or state changed. The highest `revision` wins. */
@Event('evt.payments.receivable-changed.v1')
export class ReceivableChanged extends Receivable {
  @IsInt() @Min(1) readonly revision!: number;
}

export class ReceivablePage {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Receivable)
  readonly receivables!: Receivable[];
}

/** Receivables by order id, after `afterOrderId`. */
@Query('qry.payments.receivables.v1', ReceivablePage)
export class AskReceivables {
  @IsOptional() @IsUUID() readonly afterOrderId?: string;
  @IsInt() @Min(1) readonly limit!: number;
}
