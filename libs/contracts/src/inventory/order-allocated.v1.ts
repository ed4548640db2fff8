import { Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, IsUUID, Min, ValidateNested } from 'class-validator';
import { Event } from '../message.js';

export class AllocatedUnits {
  /** A base SKU. */
  @IsString() readonly sku!: string;
  @IsInt() @Min(1) readonly units!: number;
}

/** The part of a line that one location serves. */
export class Allocation {
  @IsString() readonly lineId!: string;
  @IsString() readonly locationId!: string;
  /** In what the channel sells: a case is 1. */
  @IsInt() @Min(1) readonly quantity!: number;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AllocatedUnits)
  readonly components!: AllocatedUnits[];
  /** How many of the quantity are not on hand; left out when none. The last lines lack first. */
  @IsOptional() @IsInt() @Min(1) readonly shortQuantity?: number;
}

export class UnallocatedLine {
  @IsString() readonly lineId!: string;
  /** `unknown-sku`: no location stocks it; `location-unmapped`: the channel is fed by no location. */
  @IsString() readonly reason!: 'unknown-sku' | 'location-unmapped';
}

/**
 * Where an order's goods are to come from. Made at first sight, added to when an edit adds units,
 * never moved; told again when more or fewer of them are missing. The highest `revision` per order wins.
 */
@Event('evt.inventory.order-allocated.v1')
export class OrderAllocated {
  @IsUUID() readonly orderId!: string;
  @IsInt() @Min(1) readonly revision!: number;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Allocation)
  readonly allocations!: Allocation[];
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => UnallocatedLine)
  readonly unallocated!: UnallocatedLine[];
  /** Base units promised beyond what is on hand for the order at that moment. */
  @IsInt() @Min(0) readonly shortUnits!: number;
}
