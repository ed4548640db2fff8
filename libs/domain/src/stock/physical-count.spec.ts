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
  const about =
    kind === 'physical-count' || kind === 'sale' ? {} : { orderId: 'o1', postingId: 'p1' };
  return { causeId: `${kind} at ${second}`, kind, units, at: at(second), ...about };
}

const deducted = (units: number, second: number) => aCause('order', -units, second);
const putBack = (units: number, second: number) => aCause('reversal', units, second);
const cameBack = (units: number, second: number) => aCause('return', units, second);
const counted = (units: number, second: number) => aCause('physical-count', units, second);
/** The same of another POS order of o1. */
const of = <T extends MasterCause | Dispatch>(postingId: string, told: T): T => ({
  ...told,
  postingId,
});
const left = (units: number, second: number): Dispatch => ({
  orderId: 'o1',
  postingId: 'p1',
  shipmentId: `shipment at ${second}`,
  units,
  at: at(second),
});
/** What the POS tells of the one posting, and what was recorded of it shipment by shipment. */
const allLeft = (units: number, second: number): Dispatch => {
  return { orderId: 'o1', postingId: 'p1', units, at: at(second) };
};
const shipped = left;

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
    const told = [allLeft(12, 3)];
    expect(standing(10, { causes, dispatches: told })).toEqual(WELL);
    // The POS tells of the posting as it was made; another one lies there still.
    const more = [...causes, of('p2', deducted(5, 4))];
    expect(standing(15, { causes: more, dispatches: told }).committedUnits).toBe(5);
  });

  it('counts what was recorded as sent beside what was cut off', () => {
    const causes = [deducted(12, 1), putBack(2, 2), counted(20, 5)];
    expect(standing(10, { causes, dispatches: [shipped(10, 3)] })).toEqual(WELL);
    expect(standing(10, { causes, dispatches: [shipped(4, 3)] }).committedUnits).toBe(6);
  });

  it('knows that what was voided and posted anew has left once', () => {
    const voided = [deducted(10, 1), putBack(10, 2)];
    const causes = [...voided, of('p2', deducted(10, 3)), counted(20, 5)];
    expect(standing(10, { causes, dispatches: [of('p2', allLeft(10, 4))] })).toEqual(WELL);
    expect(standing(10, { causes }).committedUnits).toBe(10);
  });

  it('finds what came back, though not all of the order has left', () => {
    const causes = [deducted(10, 1), cameBack(2, 4), counted(20, 5)];
    expect(standing(8, { causes, dispatches: [shipped(4, 3)] }).committedUnits).toBe(6);
  });

  it('holds what was put back for no posting for come back, and keeps rather too much', () => {
    const unnamed = { ...putBack(2, 2), postingId: null };
    const causes = [deducted(12, 1), unnamed, counted(20, 5)];
    expect(standing(10, { causes, dispatches: [shipped(4, 3)] }).committedUnits).toBe(8);
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

/** A master and its people: what is booked, what leaves and comes back, and counts of what really lies there. */
function storeLives() {
  const act = fc.record({
    what: fc.constantFrom('deduct', 'leave', 'count', 'sell', 'cut', 'void', 'return'),
    units: fc.integer({ min: 1, max: 6 }),
  });
  return fc.tuple(fc.array(act, { maxLength: 24 }), fc.integer(), fc.nat(30));
}

type StoreAct = 'deduct' | 'leave' | 'count' | 'sell' | 'cut' | 'void' | 'return';

/** A store with one order; its POS takes goods out at payment and tells once that all of them left. */
class AStore {
  readonly causes: MasterCause[] = [];
  readonly dispatches: Dispatch[] = [];
  figure = 200;
  inBuilding = 200;
  owed: number;
  /** Units of the order that are out of the building. */
  gone = 0;
  private posting = { id: 'p1', made: 0, booked: 0, gone: 0, back: 0 };

  constructor(owed: number) {
    this.owed = owed;
  }

  act(what: StoreAct, units: number, second: number): void {
    this[what](units, second);
  }

  private deduct(units: number, second: number): void {
    const held = this.posting;
    const now = Math.min(units, this.owed - this.gone - (held.booked - held.gone));
    if (now <= 0 || held.made > 0) return;
    Object.assign(held, { made: now, booked: now });
    this.book(of(held.id, deducted(now, second)));
  }

  private leave(units: number, second: number): void {
    const held = this.posting;
    const now = Math.min(units, held.booked - held.gone);
    if (now <= 0) return;
    this.move(now);
    this.dispatches.push(of(held.id, shipped(now, second)));
    // It does not change the lines of a paid order: what was cut off is told with the rest.
    if (held.gone === held.booked) this.dispatches.push(of(held.id, allLeft(held.made, second)));
  }

  private cut(units: number, second: number): void {
    const held = this.posting;
    const now = Math.min(units, held.booked - held.gone);
    if (now <= 0 || held.gone > 0) return;
    this.owed -= now;
    this.putBack(now, second);
  }

  private void(_: number, second: number): void {
    if (this.posting.booked === 0 || this.posting.gone > 0) return;
    this.putBack(this.posting.booked, second);
    this.posting = { id: `p after ${second}`, made: 0, booked: 0, gone: 0, back: 0 };
  }

  private return(units: number, second: number): void {
    const held = this.posting;
    const now = Math.min(units, held.gone - held.back);
    if (now <= 0) return;
    held.back += now;
    this.owed -= now;
    this.gone -= now;
    this.inBuilding += now;
    this.book(of(held.id, cameBack(now, second)));
  }

  private sell(units: number, second: number): void {
    this.inBuilding -= units;
    this.book(aCause('sale', -units, second));
  }

  private count(_: number, second: number): void {
    this.figure = this.inBuilding;
    this.causes.push(counted(this.figure, second));
  }

  private putBack(units: number, second: number): void {
    this.posting.booked -= units;
    this.book(of(this.posting.id, putBack(units, second)));
  }

  private move(units: number): void {
    this.posting.gone += units;
    this.gone += units;
    this.inBuilding -= units;
  }

  private book(cause: MasterCause): void {
    this.figure += cause.units;
    this.causes.push(cause);
  }
}

it('keeps sellable at what lies there less what is still owed, whenever people count', () => {
  fc.assert(
    fc.property(storeLives(), ([acts, turn, owed]) => {
      const store = new AStore(owed);
      acts.forEach(({ what, units }, n) => store.act(what as StoreAct, units, n));
      const { causes, dispatches, figure, inBuilding, gone } = store;
      const at = Math.abs(turn) % (causes.length + 1);
      const shuffled = [...causes.slice(at), ...causes, ...causes.slice(0, at)];
      const { committedUnits, ...troubles } = standing(store.owed, {
        causes: shuffled,
        dispatches,
      });
      expect(figure - committedUnits).toBe(inBuilding - (store.owed - gone));
      // What people found and the master puts back all the same is told, and kept from sale.
      expect(troubles).toMatchObject({ restockPendingUnits: 0, deductedTwiceUnits: 0 });
    }),
    { numRuns: 2_000 },
  );
});
