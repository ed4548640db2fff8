import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Min,
  ValidateNested,
} from 'class-validator';
import { Command, Event } from '../message.js';
import { UnitChange } from './adjust-stock.v1.js';

/** A POS line, in base units, at one price a unit; the cents of all parts sum to the line. */
export class PostedLine {
  /** Ours, unique in the order: the platform line and the part of it. */
  @IsString() @Length(1, 60) readonly lineRef!: string;
  /** The base SKU; null for money without stock (postage, a manual line). */
  @IsOptional() @IsString() readonly sku!: string | null;
  @IsString() @Length(1, 512) readonly title!: string;
  @IsInt() @Min(1) readonly units!: number;
  @IsInt() @Min(0) readonly unitPriceMinor!: number;
  /** For people at the till: '2 x case of 12'. */
  @IsOptional() @IsString() readonly note?: string;
}

export class Tender {
  /** What staff and finance read: 'On Account', 'Invoice', 'Card'. */
  @IsString() @Length(1, 255) readonly name!: string;
  /** The vendor's kind for it, from the tender map: STORED_BALANCE, OTHER, CARD. */
  @IsString() readonly kind!: string;
}

/** Which of several POS orders this is, of what its location serves. */
export class SplitPart {
  /** 1 for the first. */
  @IsInt() @Min(1) readonly number!: number;
  @IsInt() @Min(2) readonly of!: number;
}

/** Creates one POS order at one location and records its tender. Once per `postingId`. */
@Command('cmd.pos.{connection}.post-order.v1')
export class PostOrder {
  /** Derived from (order, location, part): the same posting has the same id for ever. */
  @IsUUID() readonly postingId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsString() readonly locationId!: string;
  /** Left out when one POS order holds all that the location serves. */
  @IsOptional() @ValidateNested() @Type(() => SplitPart) readonly split?: SplitPart;
  /** Grows with each time that the place is posted anew; the one before was voided. First: 1. */
  @IsOptional() @IsInt() @Min(1) readonly revision?: number;
  /** #1042 */
  @IsString() readonly orderName!: string;
  @IsISO8601() readonly placedAt!: string;
  @IsOptional() @IsString() readonly poNumber?: string;
  @IsString() readonly storefrontConnectionId!: string;
  /** The platform's customer id; the linked POS customer is asked for at the moment of use. */
  @IsOptional() @IsString() readonly customerId?: string;
  @IsString() @Length(3, 3) readonly currency!: string;
  @ValidateNested() @Type(() => Tender) readonly tender!: Tender;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PostedLine)
  readonly lines!: PostedLine[];
  /** Money off this whole POS order, at or above zero. */
  @IsInt() @Min(0) readonly discountMinor!: number;
  /** Σ units × unitPriceMinor − discountMinor. */
  @IsInt() @Min(0) readonly totalMinor!: number;
}

/** The POS order exists and its tender is recorded. */
@Event('evt.pos.order-posted.v1')
export class OrderPosted {
  @IsUUID() readonly postingId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsString() readonly locationId!: string;
  @IsString() readonly posOrderId!: string;
  @IsInt() @Min(0) readonly paidMinor!: number;
}

/** The POS will not take the order until somebody changes something. */
@Event('evt.pos.order-refused.v1')
export class OrderRefused {
  @IsUUID() readonly postingId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  /** `observe`: the connection only observes, nothing was sent. */
  @IsIn(['vendor-refused', 'unmapped-sku', 'observe']) readonly code!:
    'vendor-refused' | 'unmapped-sku' | 'observe';
  @IsString() readonly reason!: string;
}

export const POS_FULFILMENT_STATES = [
  'proposed',
  'reserved',
  'prepared',
  'completed',
  'cancelled',
  'failed',
] as const;

/** Goods that left the building of a location. */
export class PosDispatch {
  /** Our location id. */
  @IsString() readonly locationId!: string;
  /** When they left: the master's clock, as text that sorts, like a stock cause's. */
  @IsString() readonly at!: string;
  /** Base units by SKU, above zero. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => UnitChange)
  readonly units!: UnitChange[];
}

/** How far the store is with an order we posted. State: the highest `revision` per posting wins. */
@Event('evt.pos.fulfilment-observed.v1')
export class PosFulfilmentObserved {
  @IsUUID() readonly postingId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsString() readonly posOrderId!: string;
  @IsIn(POS_FULFILMENT_STATES) readonly state!: (typeof POS_FULFILMENT_STATES)[number];
  @IsInt() @Min(1) readonly revision!: number;
  @IsOptional() @IsString() readonly carrier?: string;
  @IsOptional() @IsString() readonly trackingNumber?: string;
  /** Once it is completed. */
  @IsOptional()
  @ValidateNested()
  @Type(() => PosDispatch)
  readonly dispatch?: PosDispatch;
}
