import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, IsUUID, ValidateNested } from 'class-validator';
import { Query } from '../message.js';

/** Where goods are sent. Every part as the platform holds it, whole. */
export class DeliveryAddress {
  @IsOptional() @IsString() readonly line1?: string;
  @IsOptional() @IsString() readonly line2?: string;
  @IsOptional() @IsString() readonly city?: string;
  /** State or county, by its code where it has one. */
  @IsOptional() @IsString() readonly region?: string;
  @IsOptional() @IsString() readonly postalCode?: string;
  /** ISO 3166-1, two letters. */
  @IsOptional() @IsString() readonly countryCode?: string;
}

/** Words on an order: personal data, so never in a stream. */
export class OrderText {
  @IsUUID() readonly orderId!: string;
  /** Who receives the goods. */
  @IsOptional() @IsString() readonly recipientName?: string;
  /** The buyer's note, whole. */
  @IsOptional() @IsString() readonly note?: string;
  @IsOptional() @IsString() readonly requestedDate?: string;
  @IsOptional()
  @ValidateNested()
  @Type(() => DeliveryAddress)
  readonly address?: DeliveryAddress;
}

export class OrderTexts {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => OrderText)
  readonly texts!: OrderText[];
}

/** Asked of the connection that saw the orders. Unknown ids are left out of the answer. */
@Query('qry.storefront.{connection}.order-texts.v1', OrderTexts)
export class AskOrderTexts {
  @IsArray() @IsUUID(undefined, { each: true }) readonly orderIds!: string[];
}
