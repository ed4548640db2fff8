export {
  EXCEPTIONS,
  type ExceptionCode,
  type ExceptionRule,
  type ExceptionTeam,
} from './exceptions/exception-codes.js';
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
  restockPendingUnits,
  takenOutUnits,
  type MasterCause,
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
  decidePublication,
  type PublicationDecision,
  type PublicationState,
} from './stock/publication.js';
export { decideRetailAdjustments, type RetailAdjustment } from './stock/retail-dispatch.js';
export { shortUnitsByOrder, type HeldPromise } from './stock/shortage.js';
export {
  decideFigure,
  sellableUnits,
  type FigureDecision,
  type StockFigure,
} from './stock/stock-figure.js';
