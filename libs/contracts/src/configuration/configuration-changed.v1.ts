import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';
import { Event } from '../message.js';

export const CONFIGURATION_CHANGES = [
  ...(['connection-added', 'connection-removed', 'connection-changed'] as const),
  'credentials-changed',
  ...(['location-added', 'location-closed', 'location-remapped'] as const),
  ...(['location-feeds-changed', 'location-changed', 'locations-reordered'] as const),
  ...(['pack-added', 'pack-removed', 'pack-changed'] as const),
  ...(['kit-added', 'kit-removed', 'kit-changed'] as const),
  ...(['sku-renamed', 'sku-rename-ended'] as const),
  ...(['buffer-added', 'buffer-removed', 'buffer-changed'] as const),
  ...(['tender-added', 'tender-removed', 'tender-changed'] as const),
  'setting-changed',
] as const;

/** One thing that is different in the merchant's file. */
export class ConfigurationChange {
  @IsIn(CONFIGURATION_CHANGES) readonly kind!: (typeof CONFIGURATION_CHANGES)[number];
  /** The connection, location, SKU or setting that it is about. */
  @IsString() readonly subject!: string;
  /** What it was and is. Never a credential. */
  @IsString() readonly text!: string;
  /** True when it is not in force before the service is started again. */
  @IsBoolean() readonly restart!: boolean;
}

/** A service has taken over another configuration while it ran, or found one at its start. */
@Event('evt.{service}.configuration-changed.v1')
export class ConfigurationChanged {
  /** Counts the configurations that the service has taken over. */
  @IsInt() @Min(1) readonly version!: number;
  @IsISO8601() readonly takenAt!: string;
  /** The first 500. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ConfigurationChange)
  readonly changes!: ConfigurationChange[];
  /** How many there are in all. */
  @IsInt() @Min(1) readonly changesInAll!: number;
}
