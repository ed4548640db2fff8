import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsString,
  IsUUID,
  Length,
  ValidateNested,
} from 'class-validator';
import { Command } from '../message.js';

/** A message id is one message; each consumer that could not handle it has a dead letter of it. */
export class DeadLetterKey {
  @IsString() readonly consumer!: string;
  @IsString() readonly messageId!: string;
}

/** What a person decided about some dead letters of one service. Carried out once per `actId`. */
class DeadLetterOrder {
  @IsUUID() readonly actId!: string;
  /** The operator's login, for the audit; never a person's name. */
  @IsString() @Length(1, 100) readonly by!: string;
  /** Why, in plain words without personal data. */
  @IsString() @Length(1, 500) readonly reason!: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => DeadLetterKey)
  readonly letters!: DeadLetterKey[];
}

/** Run these through their handlers again, from the rows in which they are kept. */
@Command('cmd.{service}.replay-dead-letters.v1')
export class ReplayDeadLetters extends DeadLetterOrder {}

/** Give these up. What was known of them stays in the audit. */
@Command('cmd.{service}.discard-dead-letters.v1')
export class DiscardDeadLetters extends DeadLetterOrder {}
