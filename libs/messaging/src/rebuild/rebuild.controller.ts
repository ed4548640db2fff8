import { Controller } from '@nestjs/common';
import { AskRebuild, RebuildOutbox, type Rebuild } from '@tillbridge/contracts';
import { OutboxRebuild } from '@tillbridge/runtime';
import { Answers } from '../handlers/answers.js';

/** Every service publishes again what a stream has lost, when a person says so. */
@Controller()
export class RebuildController {
  constructor(private readonly outbox: OutboxRebuild) {}

  @Answers(RebuildOutbox)
  begin({ since }: RebuildOutbox): Promise<Rebuild> {
    return this.outbox.begin(new Date(since));
  }

  @Answers(AskRebuild)
  latest(_question: AskRebuild): Promise<Rebuild> {
    return this.outbox.latest();
  }
}
