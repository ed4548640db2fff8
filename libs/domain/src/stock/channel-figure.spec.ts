import { ProductMap } from '../products/product-map.js';
import {
  desiredUnits,
  waitingAnew,
  withDesired,
  withObservation,
  withSetResult,
  type ChannelFigure,
} from './channel-figure.js';

const WHERE = { connectionId: 'shop', channelLocationId: 'online', sku: 'A' };
const EARLY = new Date(1_000);
const NOW = new Date(2_000);
const COMPARES = { compares: true };
const OVERWRITES = { compares: false };

function aFigure(figure: Partial<ChannelFigure> = {}): ChannelFigure {
  return {
    ...WHERE,
    observedUnits: 10,
    observedRevision: 1,
    desiredUnits: 10,
    since: EARLY,
    inFlightBatch: null,
    inFlightUnits: null,
    declinedUnits: null,
    refused: false,
    ...figure,
  };
}

describe('what a channel shows', () => {
  it('is the figure of the highest revision', () => {
    const seen = { ...WHERE, availableUnits: 4, revision: 3 };
    const first = withObservation(undefined, seen, EARLY);
    expect(first).toMatchObject({ observedUnits: 4, desiredUnits: null, since: EARLY });
    expect(withObservation(first, { ...seen, availableUnits: 9, revision: 2 }, NOW)).toBe(
      undefined,
    );
  });

  it('makes a rise wait for a later poll, also when it is the same figure again', () => {
    const seen = { ...WHERE, availableUnits: 10, revision: 2 };
    expect(withObservation(aFigure(), seen, NOW)?.since).toBe(NOW);
    expect(withObservation(aFigure(), { ...seen, availableUnits: 8 }, NOW)?.since).toBe(NOW);
  });
});

describe('the result of a batch', () => {
  const sent = aFigure({ inFlightBatch: 'b', inFlightUnits: 6, desiredUnits: 6 });
  const shown = { batchId: 'b', availableUnits: 6, revision: 2 };

  it('that sets what was sent tells nothing new about the channel', () => {
    expect(withSetResult(sent, { ...shown, outcome: 'set' }, NOW, COMPARES)).toEqual(
      aFigure({ observedUnits: 6, observedRevision: 2, desiredUnits: 6 }),
    );
  });

  it('that may have overwritten a sale makes what comes next wait, where the channel does not compare', () => {
    const set = { ...shown, outcome: 'set' } as const;
    expect(withSetResult(sent, set, NOW, { compares: false })).toMatchObject({ since: NOW });
  });

  it('that finds another figure makes a rise from it wait for a later poll', () => {
    const stale = { ...shown, outcome: 'stale', availableUnits: 3 } as const;
    expect(withSetResult(sent, stale, NOW, COMPARES)).toMatchObject({
      observedUnits: 3,
      since: NOW,
    });
  });

  it('older than what the channel has shown since frees the figure and changes none', () => {
    const later = { ...sent, observedUnits: 9, observedRevision: 5 };
    expect(withSetResult(later, { ...shown, outcome: 'set' }, NOW, COMPARES)).toMatchObject({
      observedUnits: 9,
      inFlightBatch: null,
    });
  });

  it('makes a rise wait when what was set is sold before the answer comes', () => {
    const rise = aFigure({ observedUnits: 0, inFlightBatch: 'b', inFlightUnits: 6 });
    const sold = { ...WHERE, availableUnits: 0, revision: 3 };
    const seen = withObservation(rise, sold, EARLY) as ChannelFigure;
    const answered = withSetResult(seen, { ...shown, outcome: 'set' }, NOW, COMPARES);
    expect(answered).toMatchObject({ observedUnits: 0, since: NOW, inFlightBatch: null });
    const unsold = { ...seen, observedUnits: 6 };
    expect(withSetResult(unsold, { ...shown, outcome: 'set' }, NOW, COMPARES).since).toBe(EARLY);
  });

  it('of a batch that is no longer in flight leaves the one that is', () => {
    const old = { ...shown, batchId: 'a', outcome: 'set' } as const;
    expect(withSetResult(sent, old, NOW, COMPARES)).toMatchObject({
      inFlightBatch: 'b',
      observedUnits: 6,
      since: NOW,
    });
  });

  it('remembers what was refused or not sent, until another figure is wanted', () => {
    const refused = withSetResult(sent, { batchId: 'b', outcome: 'refused' }, NOW, COMPARES);
    expect(refused).toMatchObject({ declinedUnits: 6, refused: true, inFlightBatch: null });
    const observed = withSetResult(sent, { batchId: 'b', outcome: 'not-sent' }, NOW, COMPARES);
    expect(observed).toMatchObject({ declinedUnits: 6, refused: false });
    expect(withDesired(refused, 5, NOW, COMPARES)).toMatchObject({
      declinedUnits: null,
      refused: true,
    });
    expect(withDesired(refused, 10, NOW, COMPARES)).toMatchObject({
      declinedUnits: null,
      refused: false,
    });
  });
});

describe('what a channel should show', () => {
  const products = new ProductMap({
    packs: [{ sku: 'CASE', of: 'A', units: 12 }],
    kits: [
      {
        sku: 'KIT',
        components: [
          { sku: 'A', quantity: 2 },
          { sku: 'B', quantity: 1 },
        ],
      },
    ],
  });

  it('is not ours to say while a part of it has been counted nowhere', () => {
    const north = new Map([['A', 30]]);
    expect(desiredUnits(products, 'KIT', [north])).toBe(null);
    expect(desiredUnits(products, 'KIT', [north, new Map([['B', 5]])])).toBe(0);
    expect(desiredUnits(products, 'CASE', [north])).toBe(2);
  });

  it('changes with its time, and is the same object when it does not change', () => {
    const row = aFigure();
    expect(withDesired(row, 10, NOW, COMPARES)).toBe(row);
    expect(withDesired(row, 9, NOW, COMPARES)).toMatchObject({ desiredUnits: 9, since: NOW });
  });

  it('keeps its date while it falls on, where a fall waits for a poll', () => {
    const falling = aFigure({ desiredUnits: 9 });
    expect(withDesired(falling, 8, NOW, OVERWRITES).since).toBe(EARLY);
    expect(withDesired(falling, 8, NOW, COMPARES).since).toBe(NOW);
    const fell = aFigure({ desiredUnits: 0, inFlightBatch: 'b', inFlightUnits: 0 });
    expect(withDesired(fell, 6, NOW, OVERWRITES).since).toBe(NOW);
    expect(withDesired(falling, 12, NOW, OVERWRITES).since).toBe(NOW);
    expect(withDesired(aFigure(), 9, NOW, OVERWRITES).since).toBe(NOW);
  });

  it('waits anew while it is a rise, and only then', () => {
    expect(waitingAnew(aFigure({ desiredUnits: 12 }), NOW).since).toBe(NOW);
    expect(waitingAnew(aFigure({ desiredUnits: 8 }), NOW).since).toBe(EARLY);
  });
});
