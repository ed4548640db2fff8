import 'reflect-metadata';
import { startService } from '@tillbridge/messaging';
import { BenchServiceModule } from './bench-service.module.js';

await startService({ service: 'inventory', module: BenchServiceModule });
