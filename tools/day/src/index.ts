export { Market, SHOP_LOCATION, STORE_LOCATIONS, type Controls } from './actors/market.js';
export { posOrdersOf, type PosOrder } from './actors/pos-books.js';
export { dayConfiguration } from './hub/day-configuration.js';
export { Hub } from './hub/hub.js';
export type { DayPlan } from './plan/day-plan.js';
export type { DayReport } from './run/day-report.js';
export { runDay, type DayOptions, type RunningDay } from './run/run-day.js';
export { busyFigures, settle } from './run/settle.js';
