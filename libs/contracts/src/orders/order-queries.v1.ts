import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';
import { Query } from '../message.js';
import { OrderTexts } from '../storefront/order-texts.v1.js';
import { ORDER_STATES, type OrderState } from './order-changed.v1.js';

/** The words that go onto POS tickets, fetched at the moment of use. Orders without are left out. */
@Query('qry.orders.delivery-texts.v1', OrderTexts)
export class AskDeliveryTexts {
  @IsArray() @IsUUID(undefined, { each: true }) readonly orderIds!: string[];
}

export class OrderFigures {
  /** Trade orders by state. */
  @IsObject() readonly byState!: Partial<Record<OrderState, number>>;
  /** Dispatches seen in the POS that the platform has not confirmed yet. */
  @IsInt() readonly dispatchesToReport!: number;
  /** Orders ever seen, by life: how many were accepted, went short, were posted and so on. */
  @IsObject() readonly ever!: Record<
    'placed' | 'accepted' | 'held' | 'short' | 'posted' | 'dispatched' | 'cancelled',
    number
  >;
}

@Query('qry.orders.figures.v1', OrderFigures)
export class AskOrderFigures {}

export class PostingSummary {
  @IsUUID() readonly postingId!: string;
  @IsString() readonly locationId!: string;
  @IsOptional() @IsString() readonly posOrderId!: string | null;
  @IsString() readonly state!: string;
}

export class OrderSummary {
  @IsUUID() readonly orderId!: string;
  @IsString() readonly name!: string;
  @IsString() readonly vendorId!: string;
  @IsIn(ORDER_STATES) readonly state!: OrderState;
  @IsBoolean() readonly draft!: boolean;
  @IsOptional() @IsString() readonly poNumber!: string | null;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PostingSummary)
  readonly postings!: PostingSummary[];
}

export class OrderPage {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => OrderSummary)
  readonly orders!: OrderSummary[];
}

/** Orders in the given states (all when left out), by order id, after `afterOrderId`. */
@Query('qry.orders.orders.v1', OrderPage)
export class AskOrders {
  @IsOptional() @IsArray() @IsIn(ORDER_STATES, { each: true }) readonly states?: OrderState[];
  @IsOptional() @IsUUID() readonly afterOrderId?: string;
  @IsInt() readonly limit!: number;
}
