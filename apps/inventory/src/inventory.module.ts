import { Module } from '@nestjs/common';
import { MessagingModule } from '@tillbridge/messaging';
import { PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import { ExceptionsQueries } from './exceptions/exceptions.queries.js';
import { ChannelMap } from './merchant/channel-map.js';
import { MerchantChanges } from './merchant/merchant-changes.js';
import { CreateInventory1767225600000 } from './migrations/1767225600000-create-inventory.js';
import { CreateReconciliation1767225650000 } from './migrations/1767225650000-create-reconciliation.js';
import { DispatchIntake } from './promises/dispatch-intake.js';
import { FulfilmentObservedHandler } from './promises/fulfilment-observed.handler.js';
import { OrderDispatchedHandler } from './promises/order-dispatched.handler.js';
import { OrderIntake } from './promises/order-intake.js';
import { OrderObservedHandler } from './promises/order-observed.handler.js';
import { ChannelPublisher } from './publication/channel-publisher.js';
import { ChannelStockObservedHandler } from './publication/channel-stock-observed.handler.js';
import { OrdersPolledHandler } from './publication/orders-polled.handler.js';
import { StockSetHandler } from './publication/stock-set.handler.js';
import { ReconciliationRuns } from './reconciliation/reconciliation-runs.js';
import { ReconciliationQueries } from './reconciliation/reconciliation.queries.js';
import { DifferenceSettlement } from './reconciliation/settle-differences.js';
import { StockComparison } from './reconciliation/stock-comparison.js';
import { StockPages } from './reconciliation/stock-pages.js';
import { StockAdjustedHandler } from './retail/stock-adjusted.handler.js';
import { InventoryStatus } from './status/inventory-status.js';
import { StockCountedHandler } from './stock/stock-counted.handler.js';
import { StockIntake } from './stock/stock-intake.js';
import { StockQueries } from './stock/stock.queries.js';
import { StockVerification } from './verification/stock-verification.js';

@Module({
  imports: [
    RuntimeModule.forService('inventory'),
    PostgresModule.forService('inventory', {
      migrations: [CreateInventory1767225600000, CreateReconciliation1767225650000],
    }),
    MessagingModule.forService('inventory'),
  ],
  controllers: [
    StockCountedHandler,
    OrderObservedHandler,
    FulfilmentObservedHandler,
    OrderDispatchedHandler,
    OrdersPolledHandler,
    ChannelStockObservedHandler,
    StockSetHandler,
    StockAdjustedHandler,
    StockQueries,
    ReconciliationQueries,
    StockVerification,
    ExceptionsQueries,
  ],
  providers: [
    ChannelMap,
    MerchantChanges,
    OrderIntake,
    DispatchIntake,
    StockIntake,
    ChannelPublisher,
    StockPages,
    StockComparison,
    DifferenceSettlement,
    ReconciliationRuns,
    InventoryStatus,
  ],
})
export class InventoryModule {}
