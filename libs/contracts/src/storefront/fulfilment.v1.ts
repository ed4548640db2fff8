import { Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, IsUUID, Min, ValidateNested } from 'class-validator';
import { Command, Event } from '../message.js';

export class DispatchedLine {
  @IsString() readonly lineId!: string;
  /** In what the channel sells. */
  @IsInt() @Min(1) readonly quantity!: number;
}

/** Reports goods that left the building. Done once per `dispatchId`. */
@Command('cmd.storefront.{connection}.create-fulfilment.v1')
export class CreateFulfilment {
  @IsUUID() readonly dispatchId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  /** The platform's order id. */
  @IsString() readonly vendorOrderId!: string;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DispatchedLine)
  readonly lines!: DispatchedLine[];
  @IsOptional() @IsString() readonly carrier?: string;
  @IsOptional() @IsString() readonly trackingNumber?: string;
}

/** The platform knows that the goods of this dispatch left the building. */
@Event('evt.storefront.fulfilment-created.v1')
export class FulfilmentCreated {
  @IsUUID() readonly dispatchId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  /** The platform's fulfilment id; empty when the platform had it fulfilled already. */
  @IsString() readonly fulfilmentId!: string;
}

/** The platform will not take the dispatch until somebody changes something. */
@Event('evt.storefront.fulfilment-refused.v1')
export class FulfilmentRefused {
  @IsUUID() readonly dispatchId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsString() readonly reason!: string;
}

/** Turns a draft into an order, payment pending (`completeDrafts: hub`). Once per order. */
@Command('cmd.storefront.{connection}.complete-draft.v1')
export class CompleteDraft {
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsString() readonly vendorDraftId!: string;
}

/** The platform will not complete the draft. When it does, the draft itself says so. */
@Event('evt.storefront.draft-refused.v1')
export class DraftRefused {
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsString() readonly vendorDraftId!: string;
  @IsString() readonly reason!: string;
}
