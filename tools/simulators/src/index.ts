export { SquareSim } from './square/square-sim.js';
export type { SquareSimOptions } from './square/square-sim.js';
export type { SquareOrderBook } from './square/square-order-book.js';
export type { TillLine } from './square/store-staff.js';
export { FAULTS, FaultDice, randomSequence } from './wire/fault-dice.js';
export type { FaultLevel, FaultRates } from './wire/fault-dice.js';
export type { BucketUse } from './wire/token-bucket.js';
export { createWorld } from './wire/simulated-world.js';
export type {
  JournalEntry,
  Outage,
  SimulatedVendor,
  SimulatedWorld,
  StockEffect,
} from './wire/simulated-world.js';
export { ShopifySim } from './shopify/shopify-sim.js';
export type { ShopifySimOptions } from './shopify/shopify-sim.js';
export type {
  ShopifyChargeBook,
  ShopifyDraftBook,
  ShopifyLineBook,
  ShopifyOrderBook,
} from './shopify/shop-books.js';
export type { CheckoutInput, CheckoutResult, SparkPaymentType } from './sparklayer/checkout.js';
export { SparkLayerSim } from './sparklayer/sparklayer-sim.js';
export type { SparkLayerPurchaseBook, SparkLayerSimOptions } from './sparklayer/sparklayer-sim.js';
