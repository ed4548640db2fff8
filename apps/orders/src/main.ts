import { startService } from '@tillbridge/messaging';
import { OrdersModule } from './orders.module.js';

await startService({ service: 'orders', module: OrdersModule });
