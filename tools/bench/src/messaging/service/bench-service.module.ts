import { Module } from '@nestjs/common';
import { MessagingModule } from '@tillbridge/messaging';
import { PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import { CreateFigure1767225700000 } from './create-figure.migration.js';
import { Delays } from './delays.js';
import { FiguresHandler } from './figures.handler.js';
import { MeasuresController } from './measures.controller.js';

/** In the place of inventory, whose subjects and rights it uses. */
@Module({
  imports: [
    RuntimeModule.forService('inventory'),
    PostgresModule.forService('inventory', { migrations: [CreateFigure1767225700000] }),
    MessagingModule.forService('inventory'),
  ],
  controllers: [FiguresHandler, MeasuresController],
  providers: [Delays],
})
export class BenchServiceModule {}
