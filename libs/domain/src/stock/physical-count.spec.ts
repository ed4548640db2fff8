import fc from 'fast-check';
import type { MasterCause } from './commitment.js';
import {
  containmentByOrder,
  standingOf,
  type Dispatch,
  type ShelfEvidence,
} from './physical-count.js';

const at = (second: number) => `2026-06-01T09:00:${String(second).padStart(2, '0')}.000000Z`;

function aCause(kind: MasterCause['kind'], units: number, second: number): MasterCause {
  const about = kind === 'physical-count' || kind === 'sale' ? {} : { orderId: 'o1' };
  return { causeId: `${kind} at ${second}`, kind, units, at: at(second), ...about };
}

const deducted = (units: number, second: number) => aCause('order', -units, second);
const putBack = (units: number, second: number) => aCause('reversal', units, second);
const counted = (units: number, second: number) => aCause('physical-count', units, second);
const left = (units: number, second: number): Dispatch => ({
  orderId: 'o1',
  postingId: `posted for ${second}`,
  units,
  at: at(second),
});
/** What the POS tells of the one posting, and what was recorded of it shipment by shipment. */
const allLeft = (units: number, second: number) => ({ ...left(units, second), postingId: 'p1' });
const shipped = (units: number, second: number) => ({
  ...allLeft(units, second),
  shipmentId: `shipment at ${second}`,
});

/** Where order o1 stands, owed so much, once all of the evidence is in. */
function standing(owed: number, evidence: Partial<ShelfEvidence>) {
  const containment = containmentByOrder({
    causes: [],
    dispatches: [],
    countedAt: at(59),
    promisedGoodsAreSetAside: false,
    ...evidence,
  }).get('o1');
  return standingOf(owed, containment ?? { containedUnits: 0, leftUnits: 0, counted: false });
}

const WELL = {
  committedUnits: 0,
  restockPendingUnits: 0,
  deductedTwiceUnits: 0,
  putBackTwiceUnits: 0,
};

describe('a physical count', () => {
  it('commits again what the master took out at payment and people found on the shelf', () => {
    const causes = [deducted(10, 1), counted(30, 5)];
    expect(standing(10, { causes })).toEqual({ ...WELL, committedUnits: 10 });
  });

  it('leaves goods alone that were deducted and had left when people counted', () => {
    const causes = [deducted(10, 1), counted(20, 5)];
    expect(standing(10, { causes, dispatches: [left(10, 3)] })).toEqual(WELL);
  });

  it('knows how many of an order had left, and commits the rest', () => {
    const causes = [deducted(24, 1), counted(20, 5)];
    const dispatches = [left(10, 3), left(14, 8)];
    expect(standing(24, { causes, dispatches })).toEqual({ ...WELL, committedUnits: 14 });
  });

  it('knows which shipments had left, before and after the POS tells of the whole order', () => {
    const before = [deducted(24, 1), counted(20, 5)];
    const parts = [shipped(10, 3), shipped(14, 8)];
    const open = { ...WELL, committedUnits: 14 };
    expect(standing(24, { causes: before, dispatches: parts })).toEqual(open);
    const told = [allLeft(24, 8), ...parts];
    expect(standing(24, { causes: before, dispatches: told })).toEqual(open);
    const causes = [...before, counted(6, 9)];
    expect(standing(24, { causes, dispatches: parts })).toEqual(WELL);
    expect(standing(24, { causes, dispatches: told })).toEqual(WELL);
  });

  it('counts what the master takes out after it as gone, as ever', () => {
    const causes = [counted(30, 5), deducted(10, 7)];
    expect(standing(10, { causes })).toEqual(WELL);
  });

  it('finds what the master takes out although the count had missed it already', () => {
    const causes = [counted(20, 5), deducted(10, 7)];
    expect(standing(10, { causes, dispatches: [left(10, 3)] })).toEqual({
      ...WELL,
      deductedTwiceUnits: 10,
    });
    expect(standing(10, { causes, dispatches: [left(4, 3)] }).deductedTwiceUnits).toBe(4);
  });

  it('tells goods deducted twice from goods that nobody is owed any more', () => {
    const causes = [counted(20, 5), deducted(10, 7)];
    expect(standing(0, { causes, dispatches: [left(10, 3)] })).toEqual({
      ...WELL,
      deductedTwiceUnits: 10,
      restockPendingUnits: 10,
    });
  });

  it('keeps units from sale that it had found and that were put back once more', () => {
    const causes = [deducted(10, 1), counted(30, 5), putBack(10, 7)];
    expect(standing(0, { causes })).toEqual({
      ...WELL,
      committedUnits: 10,
      putBackTwiceUnits: 10,
    });
  });

  it('ends the matter of what is deducted twice: the next one finds what is there', () => {
    const causes = [counted(20, 5), deducted(10, 7), counted(20, 9)];
    expect(standing(10, { causes, dispatches: [left(10, 3)] })).toEqual(WELL);
  });

  it('takes no notice of a change that is dated before it and arrives after it', () => {
    const late = { ...deducted(10, 7), happenedAt: at(4) };
    expect(standing(10, { causes: [counted(30, 5), late] })).toEqual({
      ...WELL,
      committedUnits: 10,
    });
  });

  it('says nothing yet while the figure we hold is older than it', () => {
    const causes = [deducted(10, 1), counted(30, 5)];
    expect(standing(10, { causes, countedAt: at(4) })).toEqual(WELL);
  });

  it('takes retail goods that were taken out before it as gone: they are at dispatch', () => {
    const causes = [aCause('retail-dispatch', -3, 1), counted(20, 5)];
    expect(standing(5, { causes })).toEqual({ ...WELL, committedUnits: 2 });
  });

  it('does not count as gone what was put back before it', () => {
    const causes = [deducted(12, 1), putBack(2, 2), counted(20, 5)];
    expect(standing(10, { causes, dispatches: [left(12, 3)] })).toEqual(WELL);
  });

  it('says nothing of promised goods where they are set aside and not counted', () => {
    const causes = [deducted(10, 1), counted(20, 5)];
    expect(standing(10, { causes, promisedGoodsAreSetAside: true })).toEqual(WELL);
    expect(standing(14, { causes, promisedGoodsAreSetAside: true }).committedUnits).toBe(4);
  });
});

it('frees nothing before the first count when only the putting back is known', () => {
  expect(standing(4, { causes: [putBack(6, 1)] })).toEqual({ ...WELL, committedUnits: 4 });
});

/** A master and its people: what is booked, what leaves, and counts of what really lies there. */
function storeLives() {
  const act = fc.record({
    what: fc.constantFrom('deduct', 'leave', 'count', 'sell'),
    units: fc.integer({ min: 1, max: 6 }),
  });
  return fc.tuple(fc.array(act, { maxLength: 20 }), fc.integer(), fc.nat(30));
}

it('keeps sellable at what lies there less what is still owed, whenever people count', () => {
  fc.assert(
    fc.property(storeLives(), ([acts, turn, owed]) => {
      const causes: MasterCause[] = [];
      const dispatches: Dispatch[] = [];
      const opening = 200;
      let figure = opening;
      let inBuilding = opening;
      let gone = 0;
      let booked = 0;
      acts.forEach(({ what, units }, n) => {
        if (what === 'deduct') {
          // A master takes an order's units out once.
          const now = Math.min(units, owed - booked);
          booked += now;
          figure -= now;
          if (now > 0) causes.push(deducted(now, n));
        } else if (what === 'leave') {
          // And only what it has taken out leaves the building.
          const now = Math.min(units, booked - gone);
          gone += now;
          inBuilding -= now;
          if (now > 0) dispatches.push(shipped(now, n));
          if (now > 0 && gone === owed) dispatches.push(allLeft(owed, n));
        } else if (what === 'sell') {
          figure -= units;
          inBuilding -= units;
          causes.push(aCause('sale', -units, n));
        } else {
          figure = inBuilding;
          causes.push(counted(figure, n));
        }
      });
      const at = Math.abs(turn) % (causes.length + 1);
      const shuffled = [...causes.slice(at), ...causes, ...causes.slice(0, at)];
      const { committedUnits, ...troubles } = standing(owed, { causes: shuffled, dispatches });
      expect(figure - committedUnits).toBe(inBuilding - (owed - gone));
      expect(troubles).toEqual({
        restockPendingUnits: 0,
        deductedTwiceUnits: 0,
        putBackTwiceUnits: 0,
      });
    }),
  );
});
