import { Dice } from './dice.js';

const draw = (seed: number, schedule: number) => {
  const dice = new Dice(seed, schedule);
  return Array.from({ length: 50 }, () => dice.next());
};

it('falls the same way for the same numbers, and another way for others', () => {
  expect(draw(1, 2)).toEqual(draw(1, 2));
  expect(draw(1, 2)).not.toEqual(draw(1, 3));
  expect(draw(1, 2)).not.toEqual(draw(2, 2));
  expect(draw(1, 2)).not.toEqual(draw(2, 1));
});

it('is as good as chance, also between schedules that follow one another', () => {
  const first = Array.from({ length: 4_000 }, (_, schedule) => new Dice(1, schedule).next());
  const tenths = Array.from({ length: 10 }, (_, tenth) => {
    return first.filter((value) => Math.floor(value * 10) === tenth).length;
  });
  for (const count of tenths) expect(Math.abs(count - 400)).toBeLessThan(100);
});

it('gives every whole number between two, both included', () => {
  const dice = new Dice(3, 1);
  const seen = new Set(Array.from({ length: 200 }, () => dice.between(-1, 2)));
  expect([...seen].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
});

it('mixes items and loses none', () => {
  const items = Array.from({ length: 20 }, (_, at) => at);
  const mixed = new Dice(4, 1).shuffled(items);
  expect(mixed).not.toEqual(items);
  expect([...mixed].sort((a, b) => a - b)).toEqual(items);
});

it('picks nothing from nothing', () => {
  expect(() => new Dice(5, 1).pick([])).toThrow(RangeError);
});
