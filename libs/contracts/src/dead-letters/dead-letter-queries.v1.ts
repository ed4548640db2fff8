import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Query } from '../message.js';
import { DeadLetterKey } from './dead-letter-commands.v1.js';

/** A message that could not be handled, without its content. */
export class DeadLetterSummary extends DeadLetterKey {
  @IsString() readonly subject!: string;
  /** A FailureCode, or `bug`. */
  @IsString() readonly code!: string;
  @IsString() readonly error!: string;
  @IsInt() @Min(0) readonly attempts!: number;
  @IsISO8601() readonly at!: string;
  /** Equal for failures of the same origin. */
  @IsOptional() @IsString() readonly stackHash?: string | null;
}

export class DeadLetterPage {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DeadLetterSummary)
  readonly deadLetters!: DeadLetterSummary[];
  /** Of all that the question is about, on this page or not. */
  @IsInt() @Min(0) readonly total!: number;
}

/** The dead letters of one service in order of their key, after the key `after`. */
@Query('qry.{service}.dead-letters.v1', DeadLetterPage)
export class AskDeadLetters {
  @IsOptional() @IsString() readonly consumer?: string;
  @IsOptional() @IsString() readonly code?: string;
  @IsOptional() @ValidateNested() @Type(() => DeadLetterKey) readonly after?: DeadLetterKey;
  @IsInt() @Min(1) @Max(500) readonly limit!: number;
}

export class DeadLetter extends DeadLetterSummary {
  @IsObject() readonly headers!: Record<string, string>;
  /** The bytes as they came: as text where they are UTF-8, else in base64. */
  @IsString() readonly payload!: string;
  @IsIn(['text', 'base64']) readonly encoding!: 'text' | 'base64';
}

/** One dead letter, whole. `not-found` when it is none, or no more. */
@Query('qry.{service}.dead-letter.v1', DeadLetter)
export class AskDeadLetter {
  @IsString() readonly messageId!: string;
  /** Only needed when two consumers of the service could not handle the same message. */
  @IsOptional() @IsString() readonly consumer?: string;
}

/** What somebody did with a dead letter, and what became of it. Kept for good. */
export class DeadLetterAct extends DeadLetterKey {
  @IsUUID() readonly actId!: string;
  @IsIn(['replay', 'discard']) readonly act!: 'replay' | 'discard';
  @IsString() readonly by!: string;
  @IsString() readonly reason!: string;
  @IsISO8601() readonly at!: string;
  /** What had been wrong with it. */
  @IsString() readonly code!: string;
  @IsString() readonly error!: string;
  /** `waiting`: it has not been through its handler yet. `parked`: it is a dead letter again. */
  @IsIn(['waiting', 'handled', 'parked', 'discarded'])
  readonly outcome!: 'waiting' | 'handled' | 'parked' | 'discarded';
}

export class DeadLetterActs {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DeadLetterAct)
  readonly acts!: DeadLetterAct[];
}

/** What was done with dead letters of one service, the latest first; those of one act, or all. */
@Query('qry.{service}.dead-letter-acts.v1', DeadLetterActs)
export class AskDeadLetterActs {
  @IsOptional() @IsUUID() readonly actId?: string;
  @IsInt() @Min(1) @Max(500) readonly limit!: number;
}
