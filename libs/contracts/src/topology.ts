import { ConfigurationChanged } from './configuration/configuration-changed.v1.js';
import { AskPosCustomers, CustomerLinked } from './customers/customers.v1.js';
import { DiscardDeadLetters, ReplayDeadLetters } from './dead-letters/dead-letter-commands.v1.js';
import {
  AskDeadLetter,
  AskDeadLetterActs,
  AskDeadLetters,
} from './dead-letters/dead-letter-queries.v1.js';
import { AskExceptions, ExceptionCleared, ExceptionRaised } from './exceptions/exceptions.v1.js';
import { AskSkusOnSale } from './inventory/skus-on-sale.v1.js';
import { AvailabilityChanged } from './inventory/availability-changed.v1.js';
import { OrderAllocated } from './inventory/order-allocated.v1.js';
import { AskReconciliation, ReconcileStock } from './inventory/reconciliation.v1.js';
import { AskStockDisagreements, AskStockOfSku } from './inventory/stock-of-sku.v1.js';
import { VerifyStock } from './inventory/verify-stock.v1.js';
import type { MessageClass } from './message.js';
import { DecideShort } from './orders/decide-short.v1.js';
import {
  CancelDispatch,
  DispatchRefused,
  OrderDispatched,
  RecordDispatch,
} from './orders/dispatch.v1.js';
import { OrderClosed } from './orders/order-closed.v1.js';
import { OrderChanged } from './orders/order-changed.v1.js';
import { AskDeliveryTexts, AskOrderFigures, AskOrders } from './orders/order-queries.v1.js';
import { AskSales } from './orders/sales.v1.js';
import { TraceOrder } from './orders/trace-order.v1.js';
import { AskReceivables, ReceivableChanged, TenderDecided } from './payments/payments.v1.js';
import {
  AdjustChannelStock,
  AdjustStock,
  ReverseOrder,
  StockAdjusted,
} from './pos/adjust-stock.v1.js';
import { CompleteFulfilment, FulfilmentCompleted } from './pos/complete-fulfilment.v1.js';
import { PosCustomerObserved } from './pos/customer-observed.v1.js';
import {
  OrderPosted,
  OrderRefused,
  PosFulfilmentObserved,
  PostOrder,
} from './pos/post-order.v1.js';
import { SaleObserved } from './pos/sale-observed.v1.js';
import { AskPosOrders } from './pos/order-page.v1.js';
import { AskMasterStock } from './pos/stock-page.v1.js';
import { StockCounted } from './pos/stock-counted.v1.js';
import {
  ChannelStockObserved,
  SetStock,
  SetTradeStock,
  StockSet,
} from './storefront/channel-stock.v1.js';
import { AskChannelStock, AskTradeStock } from './storefront/channel-stock-page.v1.js';
import {
  CancelFulfilment,
  FulfilmentChanged,
  UpdateTracking,
} from './storefront/fulfilment-change.v1.js';
import {
  CompleteDraft,
  CreateFulfilment,
  DraftRefused,
  FulfilmentCreated,
  FulfilmentRefused,
} from './storefront/fulfilment.v1.js';
import { AskTradeOrders } from './storefront/order-page.v1.js';
import { OrderObserved } from './storefront/order-observed.v1.js';
import { AskOrderTexts } from './storefront/order-texts.v1.js';
import { OrdersPolled } from './storefront/orders-polled.v1.js';
import { AskRebuild, RebuildOutbox } from './rebuild/rebuild.v1.js';
import { PurchaseObserved } from './trade/purchase-observed.v1.js';

export const SERVICES = ['inventory', 'orders', 'customers', 'payments', 'connector'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** What a service may say and hear. Streams' consumers and NATS permissions are made from it. */
export interface ServiceTopology {
  readonly publishes: readonly MessageClass[];
  /** One durable consumer each; commands to a connection have one for each connection. */
  readonly consumes: readonly MessageClass[];
  readonly asks: readonly MessageClass[];
  readonly answers: readonly MessageClass[];
}

/** What every service says of itself. */
const OF_ITSELF = [ExceptionRaised, ExceptionCleared, ConfigurationChanged] as const;

/** What people ask of every service and have it do: libs/messaging takes these for all of them. */
const DEAD_LETTER_COMMANDS = [ReplayDeadLetters, DiscardDeadLetters] as const;
const OPERATED = [
  AskExceptions,
  AskDeadLetters,
  AskDeadLetter,
  AskDeadLetterActs,
  RebuildOutbox,
  AskRebuild,
] as const;

/** What a person at the command line may say and ask: no service, so it hears nothing. */
export const OPERATOR_TOPOLOGY = {
  publishes: DEAD_LETTER_COMMANDS,
  asks: OPERATED,
  /** What one service alone is told. */
  publishesToOne: [RecordDispatch, CancelDispatch, DecideShort],
  /** What one service alone answers. */
  asksOne: [VerifyStock, ReconcileStock, AskReconciliation, TraceOrder, AskOrders, AskSales],
} as const;

export const TOPOLOGY: Readonly<Record<ServiceName, ServiceTopology>> = {
  inventory: {
    publishes: [
      OrderAllocated,
      AvailabilityChanged,
      SetStock,
      SetTradeStock,
      AdjustStock,
      AdjustChannelStock,
      ...OF_ITSELF,
    ],
    consumes: [
      StockCounted,
      OrderObserved,
      OrdersPolled,
      ChannelStockObserved,
      StockSet,
      StockAdjusted,
      PosFulfilmentObserved,
      OrderDispatched,
      ...DEAD_LETTER_COMMANDS,
    ],
    asks: [AskMasterStock, AskChannelStock, AskTradeStock],
    answers: [
      AskStockOfSku,
      AskStockDisagreements,
      AskSkusOnSale,
      VerifyStock,
      ReconcileStock,
      AskReconciliation,
      ...OPERATED,
    ],
  },
  orders: {
    publishes: [
      OrderChanged,
      OrderClosed,
      OrderDispatched,
      DispatchRefused,
      PostOrder,
      ReverseOrder,
      CompleteFulfilment,
      CreateFulfilment,
      CancelFulfilment,
      UpdateTracking,
      CompleteDraft,
      ...OF_ITSELF,
    ],
    consumes: [
      OrderObserved,
      PurchaseObserved,
      SaleObserved,
      OrderAllocated,
      TenderDecided,
      OrderPosted,
      OrderRefused,
      PosFulfilmentObserved,
      FulfilmentCompleted,
      FulfilmentCreated,
      FulfilmentRefused,
      DraftRefused,
      FulfilmentChanged,
      StockAdjusted,
      RecordDispatch,
      CancelDispatch,
      DecideShort,
      ...DEAD_LETTER_COMMANDS,
    ],
    asks: [AskOrderTexts, AskPosCustomers, AskPosOrders, AskTradeOrders],
    answers: [AskDeliveryTexts, AskOrderFigures, AskOrders, AskSales, TraceOrder, ...OPERATED],
  },
  customers: {
    publishes: [CustomerLinked, ...OF_ITSELF],
    consumes: [PosCustomerObserved, OrderChanged, ...DEAD_LETTER_COMMANDS],
    asks: [],
    answers: [AskPosCustomers, ...OPERATED],
  },
  payments: {
    publishes: [TenderDecided, ReceivableChanged, ...OF_ITSELF],
    consumes: [OrderChanged, ...DEAD_LETTER_COMMANDS],
    asks: [],
    answers: [AskReceivables, ...OPERATED],
  },
  connector: {
    publishes: [
      OrderObserved,
      OrdersPolled,
      ChannelStockObserved,
      StockSet,
      FulfilmentCreated,
      FulfilmentRefused,
      DraftRefused,
      FulfilmentChanged,
      FulfilmentCompleted,
      StockCounted,
      OrderPosted,
      OrderRefused,
      PosFulfilmentObserved,
      StockAdjusted,
      PosCustomerObserved,
      SaleObserved,
      PurchaseObserved,
      ...OF_ITSELF,
    ],
    consumes: [
      SetStock,
      SetTradeStock,
      CreateFulfilment,
      CancelFulfilment,
      UpdateTracking,
      CompleteDraft,
      PostOrder,
      CompleteFulfilment,
      ReverseOrder,
      AdjustStock,
      AdjustChannelStock,
      ...DEAD_LETTER_COMMANDS,
    ],
    asks: [AskDeliveryTexts, AskPosCustomers, AskSkusOnSale],
    answers: [
      AskOrderTexts,
      AskPosOrders,
      AskTradeOrders,
      AskMasterStock,
      AskChannelStock,
      AskTradeStock,
      ...OPERATED,
    ],
  },
};
