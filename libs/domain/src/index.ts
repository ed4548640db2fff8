export {
  EXCEPTIONS,
  type ExceptionCode,
  type ExceptionRule,
  type ExceptionTeam,
} from './exceptions/exception-codes.js';
export { toFieldText } from './text/field-text.js';
export {
  multiplyParts,
  ProductMap,
  sumBySku,
  type BaseUnits,
  type ProductRules,
} from './products/product-map.js';
export {
  decideAllocation,
  promisedByLocation,
  type AllocationInput,
  type AllocationPlan,
  type LineWithoutShare,
  type Share,
} from './stock/allocation.js';
export {
  committedUnits,
  containedByOrder,
  newlyContained,
  restockPendingUnits,
  takenOutUnits,
  type MasterCause,
  type NewlyContained,
  type ShelfCause,
  type StockCauseKind,
} from './stock/commitment.js';
export {
  countedSighting,
  hubTakesOut,
  laterSighting,
  owedLines,
  type OwedLine,
  type SightedLine,
  type Sighting,
  type Sightings,
  type TakeOutPolicy,
} from './stock/owed.js';
export {
  desiredUnits,
  toPublicationState,
  waitingAnew,
  withDesired,
  withObservation,
  withSetResult,
  type ChannelFigure,
  type SetResult,
  type ShownFigure,
} from './stock/channel-figure.js';
export { ordersExplain, type ChannelMovement } from './stock/channel-movement.js';
export {
  decideSettlements,
  type Allocation,
  type OrderSettlement,
  type OrderSighting,
  type OwedFromShelf,
  type PromiseEntry,
  type ReadShelf,
  type SettlingOrder,
  type ShelfPromise,
} from './stock/order-settlement.js';
export { StockBook } from './stock/stock-book.js';
export type { BookOrder } from './stock/stock-book-promises.js';
export type { SetStockBatch } from './stock/stock-book-publications.js';
export {
  ledgerBalances,
  type AskedAdjustment,
  type StockEffects,
  type StockLedgerEntry,
} from './stock/stock-effects.js';
export type {
  FactOf,
  PostingDispatch,
  ShippedGoods,
  StockFact,
  StockFactKind,
} from './stock/stock-facts.js';
export { completePolls, type Poll } from './stock/poll-watermark.js';
export { shelfKey, type Shelf } from './stock/shelf.js';
export type {
  ChannelLocation,
  OwnPlace,
  StockChannel,
  StockMerchant,
} from './stock/stock-merchant.js';
export { isToldFigure } from './stock/own-place.js';
export {
  containmentByOrder,
  happenedAt,
  NOTHING_CONTAINED,
  standingOf,
  type Containment,
  type Dispatch,
  type PromiseStanding,
  type ShelfEvidence,
} from './stock/physical-count.js';
export { isTakenBack } from './stock/taken-back.js';
export {
  decidePublication,
  type PublicationDecision,
  type PublicationState,
} from './stock/publication.js';
export {
  availabilityFormula,
  explainChannel,
  type ChannelSituation,
  type FeederWords,
} from './stock/availability-words.js';
export {
  explainDifference,
  explainEnd,
  type DifferenceStory,
  type LedgerCause,
} from './stock/difference-words.js';
export {
  classifyDifference,
  DIFFERENCE_CLASSES,
  remedyFor,
  type DifferenceClass,
  type DifferenceRemedy,
  type StockDifference,
} from './stock/stock-difference.js';
export {
  decideRetailAdjustments,
  type LeavingLine,
  type RetailAdjustment,
} from './stock/retail-dispatch.js';
export { UNPLACED_CODES, unplacedRetail } from './stock/unplaced-retail.js';
export {
  decideAnnouncement,
  type AnnouncedAllocation,
  type ShortShare,
} from './stock/short-shares.js';
export { shortUnitsByOrder, type HeldPromise } from './stock/shortage.js';
export {
  decideFigure,
  newFigures,
  sellableUnits,
  type FigureDecision,
  type NewFigure,
  type StockFigure,
} from './stock/stock-figure.js';
export { splitCents, spread, type PricedUnits } from './money/cents.js';
export { tenderFor, type TenderMapping, type TenderName } from './tenders/tender-map.js';
export { decideOrder, type OrderDecision } from './orders/decide-order.js';
export type { OrderCommand } from './orders/order-commands.js';
export { currentOf, type ObservedOrderState, type OrderFact } from './orders/order-facts.js';
export {
  emptyOrder,
  type OrderLife,
  type OrderMilestone,
  type OrderPolicy,
  type OrderRecord,
} from './orders/order-record.js';
export { FACT_KINDS, ORDER_TABLE, TABLE_STATES } from './orders/order-table.js';
export type { TableState } from './orders/order-pair.js';
export {
  toOrderEvent,
  type FactSource,
  type OrderEvent,
  type SourcedFact,
} from './orders/order-event.js';
export { lookupValue, newIdentifiers, type IdentifierKind } from './orders/order-identifiers.js';
export { ORDER_PLACE_KINDS, placesOf, type OrderPlace } from './orders/order-places.js';
export {
  TIMELINE_KINDS,
  timelineOf,
  type RecordedEvent,
  type TimelineEntry,
} from './orders/order-timeline.js';
export { whyState } from './orders/state-reasons.js';
export {
  decideDispatch,
  decideDispatchCancel,
  type DispatchDecision,
  type DispatchRefusal,
  type ToldDispatch,
} from './orders/dispatch-decision.js';
export type { DueAtDispatch } from './orders/due-at-dispatch.js';
export type { OrderClosing } from './orders/order-closing.js';
export type { ShipmentNews } from './orders/shipment-news.js';
export type { DispatchActKind, DispatchActResult } from './orders/shipment-facts.js';
export { nextLookMs, type OrderAgreement, type Standing } from './orders/order-lateness.js';
export { BusinessCalendar, WEEKDAYS, type BusinessHours } from './calendar/business-calendar.js';
export {
  orphanPlatformOrders,
  orphanPosOrders,
  orphanPostings,
  type ConfirmedPosting,
  type ListedOrder,
  type MarkedPosOrder,
  type Orphan,
} from './orders/orphans.js';
export { creditedMinor } from './orders/returns-plan.js';
export { cartStandings } from './orders/cart-standing.js';
export { decideReceivable, opensReceivable, type OpenReceivable } from './tenders/receivable.js';
