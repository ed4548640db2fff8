export {
  allShapes,
  Command,
  Event,
  filterOf,
  Query,
  shapeOf,
  subjectOf,
  type MessageClass,
  type MessageKind,
  type MessageShape,
  type Received,
} from './message.js';
export { Failure, type FailureCode } from './failure.js';
export {
  ObservedCharge,
  ObservedLine,
  ObservedPaymentTerms,
  ObservedRefund,
  OrderObserved,
  PAYMENT_METHODS,
  ReturnedGoods,
  type FinancialStatus,
  type PaymentMethod,
} from './storefront/order-observed.v1.js';
export { OrdersPolled } from './storefront/orders-polled.v1.js';
export {
  ChannelStockObserved,
  SetStock,
  SetTradeStock,
  StockSet,
  StockSetResult,
  StockTarget,
} from './storefront/channel-stock.v1.js';
export {
  CompleteDraft,
  CreateFulfilment,
  DraftRefused,
  DispatchedLine,
  FulfilmentCreated,
  FulfilmentRefused,
} from './storefront/fulfilment.v1.js';
export {
  CancelFulfilment,
  FulfilmentChanged,
  UpdateTracking,
} from './storefront/fulfilment-change.v1.js';
export {
  AskOrderTexts,
  DeliveryAddress,
  OrderText,
  OrderTexts,
} from './storefront/order-texts.v1.js';
export { CAUSE_KINDS, StockCause, StockCounted, type CauseKind } from './pos/stock-counted.v1.js';
export {
  OrderPosted,
  OrderRefused,
  PosDispatch,
  PosFulfilmentObserved,
  POS_FULFILMENT_STATES,
  PostedLine,
  PostOrder,
  SplitPart,
  Tender,
} from './pos/post-order.v1.js';
export { SaleLine, SaleObserved, SaleTender } from './pos/sale-observed.v1.js';
export { CompleteFulfilment, FulfilmentCompleted } from './pos/complete-fulfilment.v1.js';
export { AskPosOrders, HeldPosOrder, PosOrderPage } from './pos/order-page.v1.js';
export { AskTradeOrders, ListedTradeOrder, TradeOrderPage } from './storefront/order-page.v1.js';
export { AskMasterStock, MasterStockFigure, MasterStockPage } from './pos/stock-page.v1.js';
export {
  AskChannelStock,
  AskTradeStock,
  ChannelStockFigure,
  ChannelStockPage,
} from './storefront/channel-stock-page.v1.js';
export {
  AdjustChannelStock,
  AdjustStock,
  ReverseOrder,
  StockAdjusted,
  UnitChange,
} from './pos/adjust-stock.v1.js';
export {
  CancelDispatch,
  DispatchedUnits,
  DispatchRefused,
  OrderDispatched,
  RecordDispatch,
} from './orders/dispatch.v1.js';
export {
  ClosedDispatch,
  ClosedLine,
  ClosedPosOrder,
  ClosedRefund,
  OrderClosed,
} from './orders/order-closed.v1.js';
export { DecideShort } from './orders/decide-short.v1.js';
export { PosCustomerObserved } from './pos/customer-observed.v1.js';
export { PurchaseObserved } from './trade/purchase-observed.v1.js';
export {
  AllocatedUnits,
  Allocation,
  OrderAllocated,
  UnallocatedLine,
} from './inventory/order-allocated.v1.js';
export { AskSkusOnSale, SkusOnSale } from './inventory/skus-on-sale.v1.js';
export { AvailabilityChanged } from './inventory/availability-changed.v1.js';
export {
  AskStockDisagreements,
  AskStockOfSku,
  ChannelFigures,
  LocationFigures,
  StockDisagreements,
  StockOfSku,
} from './inventory/stock-of-sku.v1.js';
export {
  AskReconciliation,
  ReconcileStock,
  ReconciliationRun,
  StockDifferenceRow,
} from './inventory/reconciliation.v1.js';
export {
  VerifiedCause,
  VerifiedChannel,
  VerifiedEntry,
  VerifiedPromise,
  VerifiedReading,
  VerifiedShelf,
  VerifiedStock,
  VerifyStock,
} from './inventory/verify-stock.v1.js';
export { ORDER_STATES, OrderChanged, type OrderState } from './orders/order-changed.v1.js';
export {
  AskDeliveryTexts,
  AskOrderFigures,
  AskOrders,
  OrderFigures,
  OrderPage,
  OrderSummary,
  PostingSummary,
} from './orders/order-queries.v1.js';
export { AskSales, Sale, SalesAccount, SalesPage, SalesTotal } from './orders/sales.v1.js';
export {
  OrderTrace,
  TracedLine,
  TracedOrder,
  TracedPlace,
  TracedStep,
  TraceOrder,
} from './orders/trace-order.v1.js';
export {
  AskReceivables,
  Receivable,
  ReceivableChanged,
  ReceivablePage,
  TenderDecided,
} from './payments/payments.v1.js';
export {
  ConfigurationChange,
  ConfigurationChanged,
} from './configuration/configuration-changed.v1.js';
export {
  AskPosCustomers,
  CustomerLinked,
  PlatformCustomer,
  PosCustomers,
} from './customers/customers.v1.js';
export {
  AskExceptions,
  ExceptionCleared,
  ExceptionRaised,
  OpenExceptions,
  RaisedException,
  SEVERITIES,
  TEAMS,
} from './exceptions/exceptions.v1.js';
export { AskRebuild, Rebuild, RebuildOutbox } from './rebuild/rebuild.v1.js';
export {
  DeadLetterKey,
  DiscardDeadLetters,
  ReplayDeadLetters,
} from './dead-letters/dead-letter-commands.v1.js';
export {
  AskDeadLetter,
  AskDeadLetterActs,
  AskDeadLetters,
  DeadLetter,
  DeadLetterAct,
  DeadLetterActs,
  DeadLetterPage,
  DeadLetterSummary,
} from './dead-letters/dead-letter-queries.v1.js';
export {
  OPERATOR_TOPOLOGY,
  SERVICES,
  TOPOLOGY,
  type ServiceName,
  type ServiceTopology,
} from './topology.js';
