import { jest } from '@jest/globals';
import type { JsMsg } from '@nats-io/jetstream';
import { HeldMessages } from './held-messages.js';

it('a handler that hangs keeps its message for five minutes, and no longer', () => {
  jest.useFakeTimers();
  const held = new HeldMessages();
  const working = jest.fn();
  held.start();
  held.add({ working: working as () => void } as JsMsg);
  jest.advanceTimersByTime(299_000);
  const until5Minutes = working.mock.calls.length;
  // The server takes it back after 2 s without a word.
  expect(until5Minutes).toBeGreaterThan(299 / 2);
  jest.advanceTimersByTime(2_000);
  working.mockClear();
  jest.advanceTimersByTime(60_000);
  expect(working).not.toHaveBeenCalled();
  held.stop();
  jest.useRealTimers();
});
