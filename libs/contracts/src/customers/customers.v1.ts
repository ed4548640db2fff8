import { Type } from 'class-transformer';
import { IsArray, IsString, ValidateNested } from 'class-validator';
import { Event, Query } from '../message.js';

/** A platform customer and a POS customer are one business. */
@Event('evt.customers.customer-linked.v1')
export class CustomerLinked {
  @IsString() readonly storefrontConnectionId!: string;
  @IsString() readonly customerId!: string;
  @IsString() readonly posConnectionId!: string;
  @IsString() readonly posCustomerId!: string;
}

export class PlatformCustomer {
  @IsString() readonly storefrontConnectionId!: string;
  @IsString() readonly customerId!: string;
}

export class PosCustomers {
  /** As they were asked for; null where the two are not linked: exception `customer-unlinked`. */
  @IsArray() readonly posCustomerIds!: (string | null)[];
}

@Query('qry.customers.pos-customers.v1', PosCustomers)
export class AskPosCustomers {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PlatformCustomer)
  readonly customers!: PlatformCustomer[];
  @IsString() readonly posConnectionId!: string;
}
