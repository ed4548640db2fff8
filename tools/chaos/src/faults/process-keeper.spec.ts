import { ProcessKeeper, type Process } from './process-keeper.js';

/** A process that fails to start as often as asked. */
function aProcess(failingStarts: number): Process & { starts: number } {
  let running = true;
  const process = {
    name: 'orders',
    starts: 0,
    running: () => running,
    kill: () => {
      const wasRunning = running;
      running = false;
      return Promise.resolve(wasRunning);
    },
    freeze: () => Promise.resolve(running),
    thaw: () => undefined,
    start: () => {
      process.starts += 1;
      if (process.starts <= failingStarts) return Promise.reject(new Error('no database'));
      running = true;
      return Promise.resolve();
    },
  };
  return process;
}

function keeperOf(process: Process, stop = new AbortController()) {
  const frozen: [number, number][] = [];
  const noteFrozen = (fromMs: number, untilMs: number) => void frozen.push([fromMs, untilMs]);
  return { keeper: new ProcessKeeper(process, noteFrozen, stop.signal), frozen, stop };
}

describe('the keeper of a process', () => {
  it('starts it until it is ready', async () => {
    const process = aProcess(1);
    const { keeper } = keeperOf(process);
    expect(await keeper.kill()).toBe(true);
    await keeper.bringBack();
    expect([process.running(), process.starts]).toEqual([true, 2]);
  });

  it('starts it once however many ask for it', async () => {
    const process = aProcess(0);
    const { keeper } = keeperOf(process);
    await keeper.kill();
    await Promise.all([keeper.bringBack(), keeper.bringBack()]);
    expect(process.starts).toBe(1);
  });

  it('tells an end that nobody caused from a kill', async () => {
    const process = aProcess(0);
    const { keeper } = keeperOf(process);
    await keeper.kill();
    expect(keeper.crashed).toBe(false);
    await keeper.bringBack();
    await process.kill();
    expect(keeper.crashed).toBe(true);
  });

  it('notes a pause that a kill ended', async () => {
    const { keeper, frozen } = keeperOf(aProcess(0));
    await keeper.freeze();
    await keeper.kill();
    keeper.thaw();
    expect(frozen).toHaveLength(1);
  });

  it('starts nothing any more once all is over', async () => {
    const process = aProcess(0);
    const { keeper, stop } = keeperOf(process);
    await keeper.kill();
    stop.abort(new Error('over'));
    await expect(keeper.bringBack()).rejects.toThrow('over');
    expect(process.starts).toBe(0);
  });
});
