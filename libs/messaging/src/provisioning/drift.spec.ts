import { driftIn } from './drift.js';

const wanted = { name: 'EVENTS', allow_atomic: true, deny_purge: false, max_batch: 0 };

describe('a setting', () => {
  it('that the server has, or leaves out because it is off, is right', () => {
    expect(driftIn('stream EVENTS', wanted, { name: 'EVENTS', allow_atomic: true })).toEqual([]);
    expect(driftIn('stream EVENTS', wanted, { ...wanted, description: 'by hand' })).toEqual([]);
  });

  it('that the server ignores without a word is reported', () => {
    expect(driftIn('stream EVENTS', wanted, { name: 'EVENTS' })).toEqual([
      { where: 'stream EVENTS', setting: 'allow_atomic', wanted: true, found: undefined },
    ]);
  });

  it('that has another value is reported, also where ours is off', () => {
    const found = { ...wanted, deny_purge: true, max_batch: 3 };
    expect(driftIn('x', wanted, found).map(({ setting }) => setting)).toEqual([
      'deny_purge',
      'max_batch',
    ]);
    expect(driftIn('x', { subjects: ['evt.>'] }, { subjects: ['evt.>', 'a'] })).toHaveLength(1);
  });
});
