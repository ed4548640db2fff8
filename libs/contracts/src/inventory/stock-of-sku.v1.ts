import { Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Query } from '../message.js';

export class LocationFigures {
  @IsString() readonly locationId!: string;
  @IsInt() readonly onHandUnits!: number;
  @IsInt() readonly committedUnits!: number;
  @IsInt() readonly bufferUnits!: number;
  @IsInt() readonly sellableUnits!: number;
}

export class ChannelFigures {
  @IsString() readonly connectionId!: string;
  @IsString() readonly channelLocationId!: string;
  @IsString() readonly sku!: string;
  @IsOptional() @IsInt() readonly observedUnits!: number | null;
  @IsInt() readonly desiredUnits!: number;
}

export class StockOfSku {
  @IsString() readonly sku!: string;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LocationFigures)
  readonly locations!: LocationFigures[];
  /** The SKU itself and every pack and kit made of it. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ChannelFigures)
  readonly channels!: ChannelFigures[];
}

@Query('qry.inventory.stock-of-sku.v1', StockOfSku)
export class AskStockOfSku {
  @IsString() readonly sku!: string;
}

export class StockDisagreements {
  /** Publication rows whose observed figure is not the desired one. */
  @IsInt() readonly open!: number;
  @IsInt() readonly rows!: number;
  /** The first 50 of them. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ChannelFigures)
  readonly first!: ChannelFigures[];
}

@Query('qry.inventory.stock-disagreements.v1', StockDisagreements)
export class AskStockDisagreements {}
