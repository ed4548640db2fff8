import { BusinessCalendar, WEEKDAYS, type OrderAgreement } from '@tillbridge/domain';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsTimeZone,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Mistake } from './configuration-errors.js';

const OpenHours = (): PropertyDecorator => (target, property) => {
  const message = "is two times of day such as ['09:00', '17:30']";
  for (const check of [
    IsOptional(),
    IsArray({ message }),
    ArrayMinSize(2, { message }),
    ArrayMaxSize(2, { message }),
    Matches(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { each: true, message }),
  ]) {
    check(target, property);
  }
};

/** From and until, by local clocks. A day that is left out is closed. */
export class OpenDays {
  @OpenHours() readonly mon?: [string, string];
  @OpenHours() readonly tue?: [string, string];
  @OpenHours() readonly wed?: [string, string];
  @OpenHours() readonly thu?: [string, string];
  @OpenHours() readonly fri?: [string, string];
  @OpenHours() readonly sat?: [string, string];
  @OpenHours() readonly sun?: [string, string];
}

/** When people are at work who can do something about a late order. */
export class OpenTimes {
  @IsTimeZone({ message: 'is an IANA time zone such as Europe/London' }) readonly timezone!: string;
  @ValidateNested() @Type(() => OpenDays) readonly days: OpenDays = new OpenDays();
  @IsArray()
  @Matches(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, {
    each: true,
    message: 'are dates such as 2026-12-25',
  })
  readonly holidays: string[] = [];
}

/** Times after which an exception is raised, in minutes of the business hours. */
export class Agreed {
  /** Until inventory and payments have answered. */
  @IsInt() @Min(1) readonly acceptMinutes: number = 15;
  @IsInt() @Min(1) readonly draftOpenMinutes: number = 2880;
  /** Until the POS has it, from when it could. */
  @IsInt() @Min(1) readonly postMinutes: number = 30;
  /** Until all of it has left, from when it was placed. */
  @IsInt() @Min(1) readonly undispatchedMinutes: number = 2880;
  /** Until the platform has confirmed that it left. */
  @IsInt() @Min(1) readonly reportMinutes: number = 30;
  /** Until it is closed and finance can invoice it, from when it was placed. */
  @IsInt() @Min(1) readonly closeMinutes: number = 20_160;
  /** Every minute of every day counts when left out. */
  @IsOptional() @ValidateNested() @Type(() => OpenTimes) readonly businessHours?: OpenTimes;
}

/** What is agreed otherwise for one channel. */
export class AgreedOfChannel {
  @IsOptional() @IsInt() @Min(1) readonly acceptMinutes?: number;
  @IsOptional() @IsInt() @Min(1) readonly draftOpenMinutes?: number;
  @IsOptional() @IsInt() @Min(1) readonly postMinutes?: number;
  @IsOptional() @IsInt() @Min(1) readonly undispatchedMinutes?: number;
  @IsOptional() @IsInt() @Min(1) readonly reportMinutes?: number;
  @IsOptional() @IsInt() @Min(1) readonly closeMinutes?: number;
  @IsOptional() @ValidateNested() @Type(() => OpenTimes) readonly businessHours?: OpenTimes;
}

/** What holds for a channel: its own where it has some, else what is agreed for all. */
export function agreementOf(agreed: Agreed, channel: AgreedOfChannel = {}): OrderAgreement {
  const own = Object.entries(channel).filter(([, value]) => value !== undefined);
  const { businessHours, ...minutes }: Agreed = { ...agreed, ...Object.fromEntries(own) };
  return {
    ...minutes,
    ...(businessHours === undefined ? {} : { calendar: calendarOf(businessHours) }),
  };
}

/** What the fields cannot see: that a day closes after it opens, and that there is an open one. */
export function openTimesMistakes(times: OpenTimes | undefined, path: string): Mistake[] {
  if (times === undefined) return [];
  const { days } = times;
  const open = WEEKDAYS.filter((day) => Array.isArray(days[day]));
  if (open.length === 0) return [{ path: `${path}.days`, message: 'has at least one day' }];
  return open
    .filter((day) => (days[day]?.[0] ?? '') >= (days[day]?.[1] ?? ''))
    .map((day) => ({ path: `${path}.days.${day}`, message: 'closes after it opens' }));
}

/** A calendar keeps what it has worked out, so each is made once. */
const calendars = new WeakMap<OpenTimes, BusinessCalendar>();

function calendarOf(times: OpenTimes): BusinessCalendar {
  const made = calendars.get(times) ?? new BusinessCalendar(times);
  calendars.set(times, made);
  return made;
}
