import { BudgetMeter, type BudgetLook } from './budget-meter.js';

/** A vendor that allows ten calls a second, looked at after `seconds`. */
const aLook = (
  seconds: number,
  due: number,
  use: { spent: number; refused?: number },
): BudgetLook => {
  const { spent, refused = 0 } = use;
  return {
    atMs: seconds * 1_000,
    due,
    use: { perSecond: 10, asked: spent + refused, refused, spent },
  };
};

const figuresOf = (...looks: BudgetLook[]) => {
  const meter = new BudgetMeter();
  for (const look of looks) meter.look(look);
  return meter.figures();
};

it('counts what was spent while more was due than a second allows', () => {
  const figures = figuresOf(
    aLook(0, 0, { spent: 3 }),
    aLook(1, 40, { spent: 9 }),
    aLook(2, 30, { spent: 17 }),
    aLook(3, 25, { spent: 27 }),
    aLook(4, 2, { spent: 30 }),
  );
  expect(figures).toEqual({ used: 0.9, refused: 0, calls: 27, backlogSeconds: 2 });
});

it('says nothing of the use when there was never a backlog', () => {
  const figures = figuresOf(aLook(0, 4, { spent: 0 }), aLook(1, 9, { spent: 5 }));
  expect(figures).toEqual({ used: null, refused: 0, calls: 5, backlogSeconds: 0 });
});

it('counts refusals among the calls, from its first look on', () => {
  const figures = figuresOf(
    aLook(0, 0, { spent: 50, refused: 10 }),
    aLook(1, 0, { spent: 68, refused: 12 }),
  );
  expect(figures.refused).toBe(0.1);
});

it('takes calls that cost more than one for as many fewer', () => {
  const dear = (seconds: number, spent: number): BudgetLook => ({
    atMs: seconds * 1_000,
    due: 6,
    use: { perSecond: 10, asked: spent / 2, refused: 0, spent },
  });
  expect(figuresOf(dear(0, 20), dear(1, 28)).used).toBe(0.8);
});
