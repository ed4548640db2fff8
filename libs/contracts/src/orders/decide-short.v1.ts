import { IsIn, IsString, IsUUID, Length } from 'class-validator';
import { Command } from '../message.js';

const SHORT_CHOICES = ['hold', 'post-available', 'post-backorder'] as const;

/**
 * What operations decided about one order of which units are missing: keep it from the POS, post what
 * is there and the rest when it comes, or post all of it. It stands above the channel's `shortStock`
 * from then on; the latest word counts. What is in the POS already is not taken back for it.
 */
@Command('cmd.orders.decide-short.v1')
export class DecideShort {
  @IsUUID() readonly orderId!: string;
  @IsIn(SHORT_CHOICES) readonly choice!: (typeof SHORT_CHOICES)[number];
  /** A login or the name of a system; never a person's name. */
  @IsString() @Length(1, 100) readonly by!: string;
  /** Why, in plain words without personal data. */
  @IsString() @Length(1, 500) readonly reason!: string;
}
