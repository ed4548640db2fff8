import { Injectable } from '@nestjs/common';

/** The one place that reads the wall clock, so that a test can put it where it wants. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
