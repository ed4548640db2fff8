import { IsIn, IsOptional, IsString, IsUUID } from 'class-validator';
import { Command, Event } from '../message.js';

/**
 * All goods of a posting have left, by dispatches that were recorded here: the POS shows it as
 * completed. Once per `completionId`; no news when staff were faster.
 */
@Command('cmd.pos.{connection}.complete-fulfilment.v1')
export class CompleteFulfilment {
  @IsUUID() readonly completionId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsUUID() readonly postingId!: string;
  @IsOptional() @IsString() readonly carrier?: string;
  @IsOptional() @IsString() readonly trackingNumber?: string;
}

/** What became of a CompleteFulfilment. */
@Event('evt.pos.fulfilment-completed.v1')
export class FulfilmentCompleted {
  @IsUUID() readonly completionId!: string;
  @IsString() readonly connectionId!: string;
  @IsUUID() readonly orderId!: string;
  @IsUUID() readonly postingId!: string;
  @IsIn(['done', 'refused', 'not-sent']) readonly outcome!: 'done' | 'refused' | 'not-sent';
  @IsOptional() @IsString() readonly reason?: string;
}
