import { IsArray, IsISO8601, IsString } from 'class-validator';
import { Event } from '../message.js';

/**
 * A poll of a channel's orders and drafts came to its end. Every order changed before
 * `completeThrough` is known once the facts named in `requires` are applied.
 */
@Event('evt.storefront.orders-polled.v1')
export class OrdersPolled {
  @IsString() readonly connectionId!: string;
  /** When the poll began, less its overlap; our clock. */
  @IsISO8601() readonly completeThrough!: string;
  /** Ids (`ce-id`) of the OrderObserved facts sent since the poll before this one, and of that poll. */
  @IsArray() @IsString({ each: true }) readonly requires!: string[];
}
