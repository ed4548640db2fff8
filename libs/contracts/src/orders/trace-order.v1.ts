import { ORDER_PLACE_KINDS, TIMELINE_KINDS } from '@tillbridge/domain';
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
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { RaisedException } from '../exceptions/exceptions.v1.js';
import { Query } from '../message.js';
import { ORDER_STATES, type OrderState } from './order-changed.v1.js';

/** An order, or a part of it, as one system has it. */
export class TracedPlace {
  /** The connection. */
  @IsString() readonly system!: string;
  @IsIn(ORDER_PLACE_KINDS) readonly kind!: (typeof ORDER_PLACE_KINDS)[number];
  /** How that system calls it; null while it has not said so. */
  @IsOptional() @IsString() readonly vendorId!: string | null;
  /** Ours: the posting, reversal or report. Null of what the outside made. */
  @IsOptional() @IsUUID() readonly actId!: string | null;
  /** In that system's own life: `open`, `asked`, `posted`, `completed`, `refused`. */
  @IsString() readonly state!: string;
  @IsOptional() @IsInt() readonly revision!: number | null;
  @IsOptional() @IsString() readonly locationId!: string | null;
  /** Minor units of the order's currency; below zero for a reversal. */
  @IsOptional() @IsInt() readonly amountMinor!: number | null;
  @IsOptional() @IsString() readonly poNumber!: string | null;
}

/** A line of the story of an order. */
export class TracedStep {
  /** When the hub took it in or decided it. */
  @IsISO8601() readonly at!: string;
  @IsIn(TIMELINE_KINDS) readonly kind!: (typeof TIMELINE_KINDS)[number];
  /** In plain English, without personal data. */
  @IsString() readonly what!: string;
  /** Who told it, or was asked: a connection, a service, or `tillbridge`. */
  @IsOptional() @IsString() readonly system?: string;
  /** `ce-id` of the message that carried it. */
  @IsOptional() @IsString() readonly messageId?: string;
  @IsOptional() @IsInt() readonly revision?: number;
  @IsOptional() @IsInt() readonly amountMinor?: number;
  /** By the clock of the system that told it, where that is told. */
  @IsOptional() @IsString() readonly happenedAt?: string;
  /** When its sender said it. */
  @IsOptional() @IsString() readonly saidAt?: string;
  @IsOptional() @IsString() readonly actId?: string;
  /**
   * What came in: from said to handled. An answer: from the question. A decision: from the state
   * before. A cleared exception: from when it was raised.
   */
  @IsOptional() @IsInt() @Min(0) readonly tookMs?: number;
}

/** A line as the platform has it, in what the channel sells. */
export class TracedLine {
  @IsString() readonly lineId!: string;
  @IsOptional() @IsString() readonly sku!: string | null;
  @IsInt() @Min(0) readonly orderedQuantity!: number;
  /** Taken off before it was sent. */
  @IsInt() @Min(0) readonly cancelledQuantity!: number;
  /** Sent, whether or not it came back. */
  @IsInt() @Min(0) readonly fulfilledQuantity!: number;
  /** Of what was sent, what was refunded. */
  @IsInt() @Min(0) readonly returnedQuantity!: number;
}

/** One order, side by side in every system, with its story. */
export class TracedOrder {
  @IsUUID() readonly orderId!: string;
  /** How the text that was asked for names it: `name`, `cart`, `po-number`, `pos-order`. */
  @IsArray() @IsString({ each: true }) readonly foundBy!: string[];
  /** Null while nothing but results is known of it. */
  @IsOptional() @IsIn(ORDER_STATES) readonly state!: OrderState | null;
  /** Why it stands there. */
  @IsString() readonly why!: string;
  @IsString() readonly name!: string;
  @IsBoolean() readonly draft!: boolean;
  @IsOptional() @IsString() readonly connectionId!: string | null;
  @IsOptional() @IsISO8601() readonly placedAt!: string | null;
  @IsOptional() @IsString() readonly customerId!: string | null;
  @IsOptional() @IsString() readonly poNumber!: string | null;
  @IsOptional() @IsString() @Length(3, 3) readonly currency!: string | null;
  /** What was charged, before refunds. */
  @IsOptional() @IsInt() readonly totalMinor!: number | null;
  /** What refunds take off that. */
  @IsInt() @Min(0) readonly creditedMinor!: number;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TracedLine)
  readonly lines!: TracedLine[];
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TracedPlace)
  readonly places!: TracedPlace[];
  /** What is open of it. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RaisedException)
  readonly exceptions!: RaisedException[];
  /** Oldest first. The oldest steps are left out of a very long one. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TracedStep)
  readonly timeline!: TracedStep[];
}

export class OrderTrace {
  /** Orders that the text leads to, at most 1,000 of them counted. */
  @IsInt() @Min(1) readonly matches!: number;
  /** The newest of them. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TracedOrder)
  readonly orders!: TracedOrder[];
}

/**
 * An order by any text that names it: visible number, PO number, cart, draft, platform or POS order,
 * customer, posting, report or our own id (R11). `not-found` when it names none.
 */
@Query('qry.orders.trace.v1', OrderTrace)
export class TraceOrder {
  @IsString() @Length(1, 255) readonly identifier!: string;
  /** Orders at most; 5 when left out. */
  @IsOptional() @IsInt() @Min(1) @Max(20) readonly limit?: number;
}
