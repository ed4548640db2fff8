import { IsInt, IsISO8601, IsOptional, Min } from 'class-validator';
import { Query } from '../message.js';

/** How far one service is with publishing again what its outbox has kept. */
export class Rebuild {
  @IsISO8601() readonly since!: string;
  @IsISO8601() readonly askedAt!: string;
  /** Messages put back on their way so far. */
  @IsInt() @Min(0) readonly messages!: number;
  /** Of the messages it has come past, those still to be published; news does not count. */
  @IsInt() @Min(0) readonly pending!: number;
  /** Left out while it goes on. */
  @IsOptional() @IsISO8601() readonly finishedAt?: string;
}

/**
 * Asks a service to publish again all it has published since a moment, under the ids of old. A query
 * and no command: the stream that would carry a command is what has to be repaired. `rebuild-refused`
 * for a moment to come, or one from which readers no longer know what they have handled.
 */
@Query('qry.{service}.rebuild-outbox.v1', Rebuild)
export class RebuildOutbox {
  @IsISO8601() readonly since!: string;
}

/** The latest rebuild of a service. `not-found` when there was none. */
@Query('qry.{service}.rebuild.v1', Rebuild)
export class AskRebuild {}
