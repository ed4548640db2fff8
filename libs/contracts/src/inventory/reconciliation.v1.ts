import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Min,
  ValidateNested,
} from 'class-validator';
import { Query } from '../message.js';

/** One SKU at one place of one system, where system and hub disagree or lately did. */
export class StockDifferenceRow {
  @IsString() readonly connectionId!: string;
  /** Our location at a master, the channel's own at a channel. */
  @IsString() readonly place!: string;
  /** Empty when the system says nothing of the place at all. */
  @IsString() readonly sku!: string;
  @IsIn(['master', 'channel']) readonly side!: 'master' | 'channel';
  @IsOptional() @IsInt() readonly hubUnits!: number | null;
  @IsOptional() @IsInt() readonly seenUnits!: number | null;
  /** A class of libs/domain; null until the run has decided. */
  @IsOptional() @IsString() readonly reason!: string | null;
  @IsOptional() @IsString() readonly explanation!: string | null;
  @IsISO8601() readonly firstSeenAt!: string;
  @IsISO8601() readonly lastSeenAt!: string;
  @IsOptional() @IsISO8601() readonly clearedAt!: string | null;
}

/** One comparison of every master and channel with the hub. */
export class ReconciliationRun {
  @IsUUID() readonly runId!: string;
  @IsIn(['changed', 'all']) readonly scope!: 'changed' | 'all';
  @IsIn(['schedule', 'person']) readonly askedBy!: 'schedule' | 'person';
  @IsISO8601() readonly startedAt!: string;
  /** Null while it goes on. */
  @IsOptional() @IsISO8601() readonly finishedAt!: string | null;
  /** False when a system could not be read to its end; null while it goes on. */
  @IsOptional() @IsBoolean() readonly complete!: boolean | null;
  /** Figures compared so far. */
  @IsInt() @Min(0) readonly pairs!: number;
  /** How many differences of each class it found. */
  @IsObject() readonly differences!: Record<string, number>;
  /** The first 100 differences of this run, oldest first. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StockDifferenceRow)
  readonly rows!: StockDifferenceRow[];
}

/** Has inventory compare now. `not-ready` while another run is under way. */
@Query('qry.inventory.reconcile-stock.v1', ReconciliationRun)
export class ReconcileStock {
  @IsIn(['changed', 'all']) readonly scope!: 'changed' | 'all';
}

/** One run, or the latest. `not-found` when there was none. */
@Query('qry.inventory.reconciliation.v1', ReconciliationRun)
export class AskReconciliation {
  @IsOptional() @IsUUID() readonly runId?: string;
}
