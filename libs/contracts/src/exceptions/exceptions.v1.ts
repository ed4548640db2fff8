import { Type } from 'class-transformer';
import { IsArray, IsIn, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Event, Query } from '../message.js';

export const TEAMS = ['operations', 'finance', 'customer-service', 'platform'] as const;
export const SEVERITIES = ['info', 'warning', 'error'] as const;

/** One condition that somebody owns (R11, R13). One open exception per (code, subject). */
export class RaisedException {
  /** From the list in libs/domain. */
  @IsString() readonly code!: string;
  @IsIn(SEVERITIES) readonly severity!: (typeof SEVERITIES)[number];
  @IsIn(TEAMS) readonly team!: (typeof TEAMS)[number];
  /** The system in which the fault sits: a connection id, or 'tillbridge'. */
  @IsString() readonly system!: string;
  /** Our id of the thing: an order id, a SKU, a connection. */
  @IsString() readonly subject!: string;
  /** Plain English, no personal data. */
  @IsString() readonly cause!: string;
  @IsString() readonly action!: string;
  @IsISO8601() readonly raisedAt!: string;
}

@Event('evt.{service}.exception-raised.v1')
export class ExceptionRaised extends RaisedException {}

/** The cause has gone away, and with it the exception of this code and subject. */
@Event('evt.{service}.exception-cleared.v1')
export class ExceptionCleared {
  @IsString() readonly code!: string;
  @IsString() readonly subject!: string;
  @IsISO8601() readonly clearedAt!: string;
}

export class OpenExceptions {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RaisedException)
  readonly exceptions!: RaisedException[];
}

/** The open exceptions of one service. */
@Query('qry.{service}.exceptions.v1', OpenExceptions)
export class AskExceptions {
  @IsOptional() @IsString() readonly code?: string;
}
