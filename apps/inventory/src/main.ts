import 'reflect-metadata';
import { startService } from '@tillbridge/messaging';
import { InventoryModule } from './inventory.module.js';

await startService({ service: 'inventory', module: InventoryModule });
