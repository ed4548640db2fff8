import { IsIn, IsOptional, IsString, IsUUID } from 'class-validator';
import { Command, Event } from '../message.js';

/** The goods of a reported dispatch did not leave after all. Done once per `cancellationId`. */
@Command('cmd.storefront.{connection}.cancel-fulfilment.v1')
export class CancelFulfilment {
  @IsUUID() readonly cancellationId!: string;
  /** The dispatch that was reported with CreateFulfilment. */
  @IsUUID() readonly dispatchId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  /** The platform's order id. */
  @IsString() readonly vendorOrderId!: string;
}

/** A reported dispatch has another carrier or tracking number. Done once per `trackingId`. */
@Command('cmd.storefront.{connection}.update-tracking.v1')
export class UpdateTracking {
  @IsUUID() readonly trackingId!: string;
  @IsUUID() readonly dispatchId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsString() readonly vendorOrderId!: string;
  @IsOptional() @IsString() readonly carrier?: string;
  @IsOptional() @IsString() readonly trackingNumber?: string;
}

/** What became of a CancelFulfilment or an UpdateTracking. */
@Event('evt.storefront.fulfilment-changed.v1')
export class FulfilmentChanged {
  /** The cancellationId or trackingId. */
  @IsUUID() readonly actId!: string;
  @IsIn(['cancelled', 'tracking']) readonly change!: 'cancelled' | 'tracking';
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsIn(['done', 'refused', 'not-sent']) readonly outcome!: 'done' | 'refused' | 'not-sent';
  @IsOptional() @IsString() readonly reason?: string;
}
