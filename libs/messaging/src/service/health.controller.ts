import { Controller, Get, HttpCode, ServiceUnavailableException } from '@nestjs/common';
import { Readiness, StatusBook } from '@tillbridge/runtime';

/** For whoever runs the process. */
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly status: StatusBook,
  ) {}

  /** The process turns its event loop. */
  @Get('health/live')
  @HttpCode(200)
  live(): object {
    return { live: true };
  }

  /** It can do its work; 503 names what is missing. */
  @Get('health/ready')
  async ready(): Promise<object> {
    const missing = await this.readiness.missing();
    if (Object.keys(missing).length === 0) return { ready: true };
    throw new ServiceUnavailableException({ ready: false, missing });
  }

  /** Its figures; `busy` is 0 when there is nothing left to do. */
  @Get('status')
  figures(): Promise<Record<string, number>> {
    return this.status.read();
  }
}
