import 'reflect-metadata';
import { startService } from '@tillbridge/messaging';
import { ConnectorModule } from './connector.module.js';

await startService({
  service: 'connector',
  module: ConnectorModule,
  rawBodyPrefix: '/webhooks/',
});
