import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Query } from '../message.js';
import { CAUSE_KINDS, type CauseKind } from '../pos/stock-counted.v1.js';
import { StockDifferenceRow } from './reconciliation.v1.js';

/** What an order is promised of one SKU at one location. */
export class VerifiedPromise {
  @IsUUID() readonly orderId!: string;
  /** What people call the order; empty when the platform has not told of it yet. */
  @IsString() readonly name!: string;
  @IsInt() @Min(0) readonly owedUnits!: number;
  /** What the figure contains of it. Below zero while more was put back than taken out. */
  @IsInt() readonly containedUnits!: number;
  @IsInt() @Min(0) readonly committedUnits!: number;
}

/** One base SKU at one of our locations. */
export class VerifiedShelf {
  @IsString() readonly locationId!: string;
  @IsString() readonly sku!: string;
  /** The connection that owns the figure; empty when the location is configured no more. */
  @IsString() readonly masterConnectionId!: string;
  /** Null while no master had counted it. */
  @IsOptional() @IsInt() readonly onHandUnits!: number | null;
  /** The master's clock, since when the figure is this. */
  @IsOptional() @IsString() readonly countedAt!: string | null;
  @IsInt() @Min(0) readonly committedUnits!: number;
  @IsInt() @Min(0) readonly bufferUnits!: number;
  @IsInt() @Min(0) readonly sellableUnits!: number;
  /** Orders that goods are kept for, the largest first, at most 100. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => VerifiedPromise)
  readonly promises!: VerifiedPromise[];
  @IsInt() @Min(0) readonly promisesInAll!: number;
}

/** One SKU as it is sold at one place of one channel. */
export class VerifiedChannel {
  @IsString() readonly connectionId!: string;
  @IsString() readonly channelLocationId!: string;
  @IsString() readonly sku!: string;
  /** What the hub had last seen there; null when nothing. */
  @IsOptional() @IsInt() readonly shownUnits!: number | null;
  /** What it should show; null while no master had counted every part. */
  @IsOptional() @IsInt() readonly dueUnits!: number | null;
  /** How that comes about: a sum over the locations that feed the place. */
  @IsString() readonly formula!: string;
  /** Why the two differ, or that they agree. */
  @IsString() readonly state!: string;
}

/** What a system answered when it was asked for this query. */
export class VerifiedReading {
  @IsString() readonly connectionId!: string;
  @IsString() readonly place!: string;
  @IsString() readonly sku!: string;
  @IsOptional() @IsInt() readonly units!: number | null;
  @IsOptional() @IsString() readonly countedAt!: string | null;
  /** Why there is no figure. */
  @IsOptional() @IsString() readonly silence?: string;
}

/** What moved a figure, as the master's ledger names it. */
export class VerifiedCause {
  @IsIn(CAUSE_KINDS) readonly kind!: CauseKind;
  /** Signed; for a physical count the counted figure. */
  @IsInt() readonly units!: number;
  @IsString() readonly at!: string;
}

/** One entry of the hub's ledger: a shelf's figure, or what an order is promised from it. */
export class VerifiedEntry {
  @IsISO8601() readonly recordedAt!: string;
  @IsString() readonly locationId!: string;
  @IsString() readonly sku!: string;
  /** The fact that made it, or the comparison. */
  @IsString() readonly messageId!: string;
  @IsOptional() @IsInt() readonly onHandUnits!: number | null;
  @IsOptional() @IsString() readonly countedAt!: string | null;
  @IsOptional() @IsUUID() readonly orderId!: string | null;
  /** What people call the order. */
  @IsOptional() @IsString() readonly orderName!: string | null;
  @IsOptional() @IsInt() readonly owedUnits!: number | null;
  @IsOptional() @IsInt() readonly containedUnits!: number | null;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => VerifiedCause)
  readonly causes!: VerifiedCause[];
}

/** One SKU across all systems, as of a moment. */
export class VerifiedStock {
  @IsString() readonly sku!: string;
  @IsISO8601() readonly at!: string;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => VerifiedShelf)
  readonly shelves!: VerifiedShelf[];
  /** The SKU itself and, of a base SKU, every pack and kit made of it. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => VerifiedChannel)
  readonly channels!: VerifiedChannel[];
  /** What the systems said just now; empty when none was asked. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => VerifiedReading)
  readonly readings!: VerifiedReading[];
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StockDifferenceRow)
  readonly differences!: StockDifferenceRow[];
  /** The latest entries until then, the oldest of them first. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => VerifiedEntry)
  readonly ledger!: VerifiedEntry[];
}

/**
 * What every system says of a SKU and how the hub comes to what it tells channels, now or as of a past
 * moment. `not-found` when nobody has ever said anything of the SKU.
 */
@Query('qry.inventory.verify-stock.v1', VerifiedStock)
export class VerifyStock {
  @IsString() readonly sku!: string;
  /** By the hub's clock; now when left out. Rules of the merchant's file are those of today. */
  @IsOptional() @IsISO8601() readonly at?: string;
  /** Asks the systems themselves as well. Only for now. */
  @IsOptional() @IsBoolean() readonly askSystems?: boolean;
  /** Ledger entries at most. */
  @IsOptional() @IsInt() @Min(1) @Max(500) readonly entries?: number;
}
