import type { PlantedBug } from './planted-bug.js';

const DIFFERENCE = 'libs/domain/src/stock/stock-difference.ts';
const DIFFERENCE_SPEC = 'libs/domain/src/stock/stock-difference.spec.ts';
const RECONCILIATION = 'apps/inventory/src/reconciliation';
const RUNS_SPEC = `${RECONCILIATION}/reconciliation.int.spec.ts`;

/** Guards of the comparison of all systems. They are listed with those of the rules of stock. */
export const RECONCILIATION_BUGS: readonly PlantedBug[] = [
  {
    guard: 'a multiple of a pack of the SKU is told as a wrong pack size',
    without: 'people look for whoever wrote the figure, and nobody corrects the pack',
    file: DIFFERENCE,
    find: `  if (packFactorBetween(hubUnits, seenUnits, difference.packFactors) !== null) return 'pack-factor';
`,
    replacement: '',
    spec: DIFFERENCE_SPEC,
    test: 'a pack factor is wrong when units are shown as cases',
  },
  {
    guard: 'only sizes of its own packs make a multiple a wrong pack size',
    without: 'any shop that happens to show twice as many is called a wrong pack',
    file: DIFFERENCE,
    find: 'return factors.find((factor) => factor > 1 && Math.floor(more / factor) === fewer) ?? null;',
    replacement: 'return more % fewer === 0 ? more / fewer : null;',
    spec: DIFFERENCE_SPEC,
    test: 'a pack factor is wrong and not when a multiple is of no pack, or one of the two is nothing',
  },
  {
    guard: 'a difference stands when a second look has found it',
    without: 'people are told of every fact that is on its way',
    file: DIFFERENCE,
    find: "if (difference.underWay || !difference.stands) return 'in-flight';",
    replacement: "if (difference.underWay) return 'in-flight';",
    spec: DIFFERENCE_SPEC,
    test: 'a difference is in flight until a later look has found it again',
  },
  {
    guard: 'two places that show the figures of each other are mapped wrongly',
    without: 'the hub takes figures of another store as those of this one',
    file: DIFFERENCE,
    find: "  if (difference.crossed) return 'location-mapping';\n",
    replacement: '',
    spec: DIFFERENCE_SPEC,
    test: 'a location is mapped wrongly when two places show the figures of each other',
  },
  {
    guard: 'what the hub does not own is told and not taken',
    without: 'a figure that a master contradicts by its own clock becomes the hub’s',
    file: DIFFERENCE,
    find: "const heals = difference.side === 'channel' ? 'take-figure' : 'tell';",
    replacement: "const heals = 'take-figure';",
    spec: DIFFERENCE_SPEC,
    test: 'leaves to people what the hub owns no remedy for',
  },
  {
    guard: 'the places of a shop are read one after the other',
    without: 'all pairs of every second place are never compared',
    file: 'apps/connector/src/shopify/stock-pages.ts',
    find: 'next === null ? { at: at + 1, cursor: null }',
    replacement: 'next === null ? { at: at + 2, cursor: null }',
    spec: 'apps/connector/src/shopify/stock-pages.spec.ts',
    test: 'goes through the places one after the other, a page at a time, and has patience',
  },
  {
    guard: 'what the last page mentions counts too',
    without: 'everything beyond the last edge of a page is told as missing',
    file: `${RECONCILIATION}/stock-comparison.ts`,
    find: "if (reading.skus === null && run.scope === 'all' && page.figures.length > 0) {",
    replacement: "if (reading.skus === null && run.scope === 'all' && page.next !== null) {",
    spec: RUNS_SPEC,
    test: 'finds nothing where all agree, having looked at every figure once',
  },
  {
    guard: 'changes are read from a while before the run that saw everything began',
    without: 'what a vendor dates by a slow clock is not compared before the night',
    file: `${RECONCILIATION}/reconciliation-runs.ts`,
    find: 'new Date(last.getTime() - overlapMs)',
    replacement: 'new Date(last.getTime())',
    spec: RUNS_SPEC,
    test: 'reads only what changed since the last run that saw everything',
  },
  {
    guard: 'nobody is accused before all orders until the first look are known',
    without: 'people search for a stranger who was a buyer',
    file: `${RECONCILIATION}/difference-book.ts`,
    find: 'or coalesce(mark.complete_through >= d.same_since, false)) as stands',
    replacement: 'or true) as stands',
    spec: RUNS_SPEC,
    test: 'accuses nobody before all orders until the first look are known',
  },
  {
    guard: 'an exception of a difference ends with it',
    without: 'people are told of a figure that has been right for weeks',
    file: `${RECONCILIATION}/settle-differences.ts`,
    find: 'ended.flatMap(({ exception, ...key }) =>',
    replacement: 'ended.slice(0, 0).flatMap(({ exception, ...key }) =>',
    spec: RUNS_SPEC,
    test: 'publishes over what somebody else wrote, and says who until the shop is right again',
  },
];
