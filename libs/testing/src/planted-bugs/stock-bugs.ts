import type { PlantedBug } from './planted-bug.js';

const STOCK = 'libs/domain/src/stock';
const SHELVES = `${STOCK}/stock-book-shelves.ts`;
const PUBLICATION = `${STOCK}/publication.ts`;
const FIGURE = `${STOCK}/channel-figure.ts`;
const COUNT = `${STOCK}/physical-count.ts`;
const OWN_PLACE = `${STOCK}/own-place.ts`;
const BOOK_SPEC = `${STOCK}/stock-book.spec.ts`;
const SOAK = {
  spec: 'tools/soak/src/stock/play-schedule.spec.ts',
  test: 'stock keeps its rules in 300 histories',
};

export const STOCK_BUGS: readonly PlantedBug[] = [
  {
    guard: 'a cause counts once by its id',
    without: 'a deduction that is told twice frees twice its units',
    file: SHELVES,
    find: 'if (known.has(cause.causeId)) continue;',
    replacement: '',
    spec: BOOK_SPEC,
    test: 'a unit is contained once, however often its cause and its fact come',
  },
  {
    guard: 'a cause that a figure contains is done with',
    without: 'each further count takes it out of the promises once more',
    file: SHELVES,
    find: 'waiting.filter(({ at }) => at > shelf.countedAt),',
    replacement: 'waiting,',
    ...SOAK,
  },
  {
    guard: 'a promise ends by a named cause whose clock the figure has reached',
    without: 'goods are released by time, while they are still on the figure',
    file: SHELVES,
    find: 'waiting.filter(({ at }) => at <= shelf.countedAt);',
    replacement: 'waiting.filter(() => true);',
    spec: BOOK_SPEC,
    test: 'a unit stays promised while the cause is known and the figure is older',
  },
  {
    guard: 'only a later clock replaces a figure',
    without: 'a count that comes late brings back what is long sold',
    file: `${STOCK}/stock-figure.ts`,
    find: 'return seen.countedAt > held.countedAt;',
    replacement: 'return true;',
    spec: `${STOCK}/stock-figure.spec.ts`,
    test: 'believes the later clock, whatever comes last',
  },
  {
    guard: 'within one tick of the clock the revision decides',
    without: 'the same facts end in two figures',
    file: `${STOCK}/stock-figure.ts`,
    find: 'return seen.revision > held.revision;',
    replacement: 'return seen.revision < held.revision;',
    spec: `${STOCK}/stock-figure.spec.ts`,
    test: 'lets the revision decide within one tick of the clock',
  },
  {
    guard: 'a physical count settles what the master booked before it',
    without: 'goods that were booked out and still lie there are sold a second time',
    file: COUNT,
    find: ': lastPhysicalCount(causes);',
    replacement: ': undefined;',
    spec: `${STOCK}/physical-count.spec.ts`,
    test: 'a physical count commits again what the master took out at payment and people found on the shelf',
  },
  {
    guard: 'goods that were recorded as shipped had left before the POS says so',
    without: 'people who count between two parts are thought to have found the first one',
    file: COUNT,
    find: 'else posting.recorded += units;',
    replacement: '',
    spec: `${STOCK}/physical-count.spec.ts`,
    test: 'a physical count knows which shipments had left, before and after the POS tells of the whole order',
  },
  {
    guard: 'shipments and the POS tell of the same goods',
    without: 'what left in parts has left twice, and is missing from what is kept back',
    file: COUNT,
    find: 'Math.max(told, recorded)',
    replacement: 'told + recorded',
    spec: `${STOCK}/physical-count.spec.ts`,
    test: 'a physical count knows which shipments had left, before and after the POS tells of the whole order',
  },
  {
    guard: 'what the till took back is not to be put back once more',
    without: 'a return that the till has booked asks people to book it again, for ever',
    file: COUNT,
    find: ' - takenBack',
    replacement: '',
    spec: `${STOCK}/taken-back.spec.ts`,
    test: 'what a till took back is no longer to be put back for a retail order whose goods had left',
  },
  {
    guard: 'more contained than owed frees nothing',
    without: 'goods of a cancelled order are for sale before the store has put them back',
    file: COUNT,
    find: `committedUnits: Math.max(
      0,`,
    replacement: `committedUnits: Math.max(
      -Infinity,`,
    spec: BOOK_SPEC,
    test: 'a unit of a cancelled order is not for sale before the master puts it back',
  },
  {
    guard: 'retail orders are promised too',
    without: 'what a shopper has bought goes back on sale until it is dispatched',
    file: `${STOCK}/owed.ts`,
    find: "return counted.trade || policy.retailOrders !== 'separate-location';",
    replacement: 'return counted.trade;',
    ...SOAK,
  },
  {
    guard: 'the order takes the place of its draft',
    without: 'the goods of a completed draft are promised twice',
    file: `${STOCK}/owed.ts`,
    find: 'return counted.lines.flatMap(',
    replacement: `const drafted = counted === sightings.draft ? [] : (sightings.draft?.lines ?? []);
  return [...counted.lines, ...drafted].flatMap(`,
    spec: `${STOCK}/owed.spec.ts`,
    test: 'keeps the promise of a completed draft until its order is seen, and then counts the order',
  },
  {
    guard: 'a pack is exploded once',
    without: 'a case of twelve takes a gross off the shelf',
    file: `${STOCK}/allocation.ts`,
    find: 'const units = [...(promised.get(locationId) ?? []), ...multiplyParts(parts, quantity)];',
    replacement: `const packed = multiplyParts(parts, quantity);
    const again = packed.map(({ sku, units }, at) => ({ sku, units: units * (parts[at]?.units ?? 1) }));
    const units = [...(promised.get(locationId) ?? []), ...again];`,
    spec: BOOK_SPEC,
    test: 'a unit leaves the promise with the figure that contains it, and only by a named cause',
  },
  {
    guard: 'the components of all lines are summed before a location is chosen',
    without: 'a kit and its component are each served by the same last units',
    file: `${STOCK}/allocation.ts`,
    find: 'const all = sumBySku(needs.flatMap(({ parts, quantity }) => multiplyParts(parts, quantity)));',
    replacement:
      'const all = needs.flatMap(({ parts, quantity }) => multiplyParts(parts, quantity));',
    spec: `${STOCK}/allocation.spec.ts`,
    test: 'sums the components of all lines before it says that a location can serve the order',
  },
  {
    guard: 'orders of one batch see what those before them were promised',
    without: 'the last units are promised to everybody in the batch, and other stores stay full',
    file: `${STOCK}/order-settlement.ts`,
    find: 'for (const row of settlement.owed) countPromise(promised, row, order.promises);',
    replacement: '',
    spec: BOOK_SPEC,
    test: 'an order takes goods that no other of its batch is promised',
  },
  {
    guard: 'each store is cut off at nothing by itself',
    without: 'a store below zero is made up for by the goods of another that nobody can pick',
    file: 'libs/domain/src/products/product-map.ts',
    find: `let available = 0;
    for (const sellable of sellableByLocation) {`,
    replacement: `let available = 0;
    const together = new Map<string, number>();
    for (const one of sellableByLocation) {
      for (const [part, units] of one) together.set(part, (together.get(part) ?? 0) + units);
    }
    for (const sellable of [together]) {`,
    spec: 'libs/domain/src/products/product-map.spec.ts',
    test: 'makes no case of six units here and six there',
  },
  {
    guard: 'nothing is sold of a shelf below zero',
    without: 'a shelf that is short is offered as less than nothing',
    file: `${STOCK}/stock-figure.ts`,
    find: 'return Math.max(0, shelf.onHandUnits',
    replacement: 'return Math.max(-Infinity, shelf.onHandUnits',
    spec: `${STOCK}/stock-figure.spec.ts`,
    test: 'sells what is on hand less promises and buffer, and never less than nothing',
  },
  {
    guard: 'a rise waits for a poll that began after its figures',
    without: 'units that the channel has just sold are given back to it',
    file: PUBLICATION,
    find: 'completeThroughMs >= row.sinceMs ? told',
    replacement: 'completeThroughMs > 0 ? told',
    spec: BOOK_SPEC,
    test: 'a channel is told a rise only after a poll that began later, with all its orders',
  },
  {
    guard: 'rises and falls are measured against what the channel shows',
    without: 'what the channel has sold by itself is told to it again as a fall',
    file: FIGURE,
    find: 'if (held.observedRevision >= revision) return undefined;',
    replacement:
      'if (held.observedRevision >= revision || held.desiredUnits !== null) return undefined;',
    ...SOAK,
  },
  {
    guard: 'what was sold out of a figure before its answer came makes the rise wait',
    without: 'the same units are offered a second time, since the channel shows what it did before',
    file: FIGURE,
    find: 'return { ...row, since: row.observedUnits === availableUnits ? since : now };',
    replacement: 'return { ...row, since };',
    spec: `${STOCK}/channel-figure.spec.ts`,
    test: 'the result of a batch makes a rise wait when what was set is sold before the answer comes',
  },
  {
    guard: 'a figure on its way is waited for',
    without: 'a second call passes the first and is overwritten by it',
    file: PUBLICATION,
    find: "if (row.inFlight) return 'wait';",
    replacement: '',
    spec: BOOK_SPEC,
    test: 'a channel is told a fall at once, and nothing while the call is on its way',
  },
  {
    guard: 'a poll counts only when those of its channel before it do',
    without: 'a rise goes while an order that an earlier poll had found is not taken in',
    file: `${STOCK}/poll-watermark.ts`,
    find: 'blocked.add(connectionId);',
    replacement: '',
    spec: `${STOCK}/poll-watermark.spec.ts`,
    test: 'counts no poll before those of its channel that began earlier, whichever came first',
  },
  {
    guard: 'a dispatched unit is taken out once',
    without: 'each further sighting of a dispatched order takes its goods out again',
    file: `${STOCK}/retail-dispatch.ts`,
    find: 'units: each.units - (before.get(each.sku) ?? 0)',
    replacement: 'units: each.units',
    spec: `${STOCK}/retail-dispatch.spec.ts`,
    test: 'takes out only what was not asked for before',
  },
  {
    guard: 'what a platform sells at a place that it counts itself is in its figure',
    without: 'it is promised from the stores once more, and taken out there too',
    file: OWN_PLACE,
    find: 'if (own === undefined) return true;',
    replacement: 'if (own !== null) return true;',
    ...SOAK,
  },
  {
    guard: 'the units of a pack that is sold at such a place are owed until they are taken out',
    without: 'the shelf is offered as if the pack still lay there',
    file: OWN_PLACE,
    find: 'quantity <= 0 || !merchant.products.isMade(sku)',
    replacement: 'quantity <= 0 || merchant.products.isMade(sku)',
    ...SOAK,
  },
  {
    guard: 'a platform is never told what it counts itself',
    without: 'a sale that the hub has not read yet is undone',
    file: OWN_PLACE,
    find: 'merchant.ownPlaceAt(at) === undefined || merchant.products.isMade(sku)',
    replacement: 'merchant.feedersOf(at).length > 0',
    spec: `${STOCK}/own-place.spec.ts`,
    test: 'of goods that it counts itself, the hub tells the figure or not',
  },
  {
    guard: "a trade layer's figures wait for the orders of the platform under it",
    without: 'its figures never rise, or rise over orders that nobody has read',
    file: `${STOCK}/stock-book.ts`,
    find: 'this.completeThroughMs.get(channel.ordersConnectionId)',
    replacement: 'this.completeThroughMs.get(id)',
    ...SOAK,
  },
  {
    guard: 'what follows a figure that may have overwritten a sale waits for the orders',
    without: 'the overwritten sale is offered once more',
    file: FIGURE,
    find: 'withShown(landed, result, compares ? sent : null, now)',
    replacement: 'withShown(landed, result, sent, now)',
    spec: `${STOCK}/channel-figure.spec.ts`,
    test: 'the result of a batch that may have overwritten a sale makes what comes next wait, where the channel does not compare',
  },
];
