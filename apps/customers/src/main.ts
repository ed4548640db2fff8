import { startService } from '@tillbridge/messaging';
import { CustomersModule } from './customers.module.js';

await startService({ service: 'customers', module: CustomersModule });
