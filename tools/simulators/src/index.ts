export { FAULTS, FaultDice, randomSequence } from './wire/fault-dice.js';
export type { FaultLevel, FaultRates } from './wire/fault-dice.js';
export { createWorld } from './wire/simulated-world.js';
export type { JournalEntry, SimulatedWorld, StockEffect } from './wire/simulated-world.js';
