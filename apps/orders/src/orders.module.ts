import { Module } from '@nestjs/common';
import { MessagingModule } from '@tillbridge/messaging';
import { PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import { DispatchesHandler } from './dispatches/dispatches.handler.js';
import { CreateTradeOrder1767225610000 } from './migrations/1767225610000-create-trade-order.js';
import { CreateOrderStory1767225611000 } from './migrations/1767225611000-create-order-story.js';
import { CreateTillSale1767225612000 } from './migrations/1767225612000-create-till-sale.js';
import { CreateOrphanSweep1767225613000 } from './migrations/1767225613000-create-orphan-sweep.js';
import { OrderBook } from './orders/order-book.js';
import { OrderDecisions } from './orders/order-decisions.js';
import { OrderObservedHandler } from './orders/order-observed.handler.js';
import { OrderPolicies } from './orders/order-policies.js';
import { OrderWatch } from './orders/order-watch.js';
import { OrderQueries } from './orders/order.queries.js';
import { OutsideResultsHandler } from './orders/outside-results.handler.js';
import { PurchaseObservedHandler } from './orders/purchase-observed.handler.js';
import { ShortDecisionsHandler } from './orders/short-decisions.handler.js';
import { SaleObservedHandler } from './sales/sale-observed.handler.js';
import { SalesBook } from './sales/sales-book.js';
import { SalesQueries } from './sales/sales.queries.js';
import { DeliveryTexts } from './texts/delivery-texts.js';
import { DeliveryTextQueries } from './texts/delivery-text.queries.js';
import { OrphanBook } from './sweep/orphan-book.js';
import { OrphanSweep } from './sweep/orphan-sweep.js';
import { TraceBook } from './trace/trace-book.js';
import { TraceQueries } from './trace/trace.queries.js';

/**
 * Trade orders: their record, their life, and what is asked of POS and platform for them. And one
 * history of what was sold, to trade and over the counter.
 */
@Module({
  imports: [
    RuntimeModule.forService('orders'),
    PostgresModule.forService('orders', {
      migrations: [
        CreateTradeOrder1767225610000,
        CreateOrderStory1767225611000,
        CreateTillSale1767225612000,
        CreateOrphanSweep1767225613000,
      ],
    }),
    MessagingModule.forService('orders'),
  ],
  controllers: [
    OrderObservedHandler,
    PurchaseObservedHandler,
    OutsideResultsHandler,
    DispatchesHandler,
    ShortDecisionsHandler,
    OrderQueries,
    DeliveryTextQueries,
    TraceQueries,
    SaleObservedHandler,
    SalesQueries,
  ],
  providers: [
    OrderPolicies,
    OrderBook,
    OrderDecisions,
    DeliveryTexts,
    OrderWatch,
    TraceBook,
    SalesBook,
    OrphanBook,
    OrphanSweep,
  ],
})
export class OrdersModule {}
