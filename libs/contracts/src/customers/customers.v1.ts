import { IsOptional, IsString } from 'class-validator';
import { Event, Query } from '../message.js';

/** A platform customer and a POS customer are one business. */
@Event('evt.customers.customer-linked.v1')
export class CustomerLinked {
  @IsString() readonly storefrontConnectionId!: string;
  @IsString() readonly customerId!: string;
  @IsString() readonly posConnectionId!: string;
  @IsString() readonly posCustomerId!: string;
}

export class PosCustomer {
  /** Null when the two are not linked: exception `customer-unlinked` is open. */
  @IsOptional() @IsString() readonly posCustomerId!: string | null;
}

@Query('qry.customers.pos-customer.v1', PosCustomer)
export class AskPosCustomer {
  @IsString() readonly storefrontConnectionId!: string;
  @IsString() readonly customerId!: string;
  @IsString() readonly posConnectionId!: string;
}
