import { IsIn, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { Event } from '../message.js';
import { PAYMENT_METHODS, type PaymentMethod } from '../storefront/order-observed.v1.js';

/** What the trade shop keeps of a purchase. A join by `cartId`; the platform's order is the truth. */
@Event('evt.trade.purchase-observed.v1')
export class PurchaseObserved {
  @IsString() readonly connectionId!: string;
  @IsString() readonly cartId!: string;
  @IsOptional() @IsString() readonly platformOrderId?: string;
  @IsIn(['cart', 'quote', 'awaiting_approval', 'order_unconfirmed', 'order'])
  readonly type!: 'cart' | 'quote' | 'awaiting_approval' | 'order_unconfirmed' | 'order';
  /** The trade shop's id of the sales agent who ordered for the customer. */
  @IsOptional() @IsString() readonly agentId?: string;
  @IsIn(PAYMENT_METHODS) readonly paymentMethod!: PaymentMethod;
  @IsOptional() @IsString() readonly poNumber?: string;
  /** As the trade shop shows it to the buyer. */
  @IsOptional() @IsString() readonly fulfilmentStatus?: string;
  @IsInt() @Min(1) readonly revision!: number;
}
