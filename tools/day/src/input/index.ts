export { readTrade } from './read-trade.js';
export { seededDay } from './seeded-day.js';
