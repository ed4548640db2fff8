import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Min } from 'class-validator';
import { Event } from '../message.js';
import { PAYMENT_METHODS, type PaymentMethod } from '../storefront/order-observed.v1.js';

export const ORDER_STATES = [
  'received',
  'accepted',
  'promised',
  'posting',
  'posted',
  'part-dispatched',
  'dispatched',
  'closed',
  'held',
  'short',
  'cancelled',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/**
 * A trade order as our record has it, on every change of state, money or link. The highest
 * `revision` per order wins.
 */
@Event('evt.orders.order-changed.v1')
export class OrderChanged {
  @IsUUID() readonly orderId!: string;
  @IsInt() @Min(1) readonly revision!: number;
  @IsString() readonly connectionId!: string;
  @IsString() readonly name!: string;
  @IsIn(ORDER_STATES) readonly state!: OrderState;
  /** True while only a draft exists: promised, not yet a legal order. */
  @IsBoolean() readonly draft!: boolean;
  @IsOptional() @IsString() readonly customerId?: string;
  @IsIn(PAYMENT_METHODS) readonly paymentMethod!: PaymentMethod;
  @IsOptional() @IsString() readonly poNumber?: string;
  @IsString() @Length(3, 3) readonly currency!: string;
  /** What the buyer owes for the order as it stands now, less what was refunded of it. */
  @IsInt() readonly totalMinor!: number;
  /** Base units that have left the stores. */
  @IsOptional() @IsInt() @Min(0) readonly leftUnits?: number;
  /** Of them those that make no whole pack, so that the platform is told with a later dispatch. */
  @IsOptional() @IsInt() @Min(0) readonly waitingUnits?: number;
  /** Of what left, what was refunded: in what the channel sells. */
  @IsOptional() @IsInt() @Min(0) readonly returnedQuantity?: number;
}
