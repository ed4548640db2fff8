import { Module } from '@nestjs/common';
import { MessagingModule } from '@tillbridge/messaging';
import { PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';

/** In the place of the connector: it says what others put into its outbox, and nothing else. */
@Module({
  imports: [
    RuntimeModule.forService('connector'),
    PostgresModule.forService('connector', { migrations: [] }),
    MessagingModule.forService('connector'),
  ],
})
export class SpeakerModule {}
