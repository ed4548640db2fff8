import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Timers } from './timers.js';

const silent = () => new Timers(pino({ level: 'silent' }));

describe('repeated work', () => {
  it('never runs twice at once', async () => {
    const timers = silent();
    let running = 0;
    let most = 0;
    timers.every('slow', 1, async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(10);
      running -= 1;
    });
    await sleep(60);
    await timers.beforeApplicationShutdown();
    expect(most).toBe(1);
  });

  it('goes on after a failure', async () => {
    const timers = silent();
    let runs = 0;
    timers.every('failing', 1, () => {
      runs += 1;
      return Promise.reject(new Error('once more'));
    });
    await sleep(50);
    await timers.beforeApplicationShutdown();
    expect(runs).toBeGreaterThan(2);
  });

  it('is over when the stop is: the run under way is waited for and none follows', async () => {
    const timers = silent();
    let ended = 0;
    timers.every('work', 1, async () => {
      await sleep(20);
      ended += 1;
    });
    await sleep(10);
    await timers.beforeApplicationShutdown();
    const atStop = ended;
    await sleep(40);
    expect(atStop).toBe(1);
    expect(ended).toBe(1);
  });
});
