import { Controller, Get } from '@nestjs/common';
import { Delays } from './delays.js';

/** What the bench asks of its service. */
export interface Measures {
  readonly delaysMs: readonly number[];
  /** The most that the process ever held. */
  readonly rssMb: number;
}

@Controller()
export class MeasuresController {
  constructor(private readonly delays: Delays) {}

  @Get('measures')
  measures(): Measures {
    return { delaysMs: this.delays.take(), rssMb: process.resourceUsage().maxRSS / 1_024 };
  }
}
