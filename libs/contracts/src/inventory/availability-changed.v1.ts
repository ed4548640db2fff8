import { IsInt, IsISO8601, IsString, Min } from 'class-validator';
import { Event } from '../message.js';

/** What buyers on one channel location may order, in what the channel sells. Only on a change. */
@Event('evt.inventory.availability-changed.v1')
export class AvailabilityChanged {
  @IsString() readonly connectionId!: string;
  @IsString() readonly channelLocationId!: string;
  @IsString() readonly sku!: string;
  @IsInt() @Min(0) readonly availableUnits!: number;
  @IsISO8601() readonly asOf!: string;
}
