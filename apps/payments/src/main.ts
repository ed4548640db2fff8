import { startService } from '@tillbridge/messaging';
import { PaymentsModule } from './payments.module.js';

await startService({ service: 'payments', module: PaymentsModule });
