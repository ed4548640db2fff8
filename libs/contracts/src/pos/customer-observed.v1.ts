import { IsString } from 'class-validator';
import { Event } from '../message.js';

/** A POS customer that carries a reference to a platform customer. No personal data. */
@Event('evt.pos.customer-observed.v1')
export class PosCustomerObserved {
  @IsString() readonly connectionId!: string;
  @IsString() readonly posCustomerId!: string;
  /** The platform customer's id, as the POS holds it in its reference field. */
  @IsString() readonly reference!: string;
}
