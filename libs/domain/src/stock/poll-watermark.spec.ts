import { completePolls } from './poll-watermark.js';

const poll = (minute: number, requires: string[] = [], connectionId = 'shop') => ({
  connectionId,
  completeThrough: new Date(Date.UTC(2026, 5, 1, 9, minute)),
  requires,
});
const handled =
  (...ids: string[]) =>
  (id: string) =>
    ids.includes(id);

it('counts a poll when every order it found is taken in', () => {
  const waits = poll(1, ['a', 'b']);
  expect(completePolls([waits], handled('a'))).toEqual([]);
  expect(completePolls([waits], handled('a', 'b'))).toEqual([waits]);
});

it('counts no poll before those of its channel that began earlier, whichever came first', () => {
  const [first, second] = [poll(1, ['a']), poll(2)];
  expect(completePolls([second, first], handled())).toEqual([]);
  expect(completePolls([second, first], handled('a'))).toEqual([first, second]);
});

it('keeps one channel from holding up another', () => {
  const other = poll(2, [], 'outlet');
  expect(completePolls([poll(1, ['a']), other], handled())).toEqual([other]);
});

it('counts no poll that has come before the one it follows', () => {
  const overtaking = poll(2, ['a', 'the poll before']);
  expect(completePolls([overtaking], handled('a'))).toEqual([]);
  expect(completePolls([overtaking], handled('a', 'the poll before'))).toEqual([overtaking]);
});
