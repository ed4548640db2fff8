import { Causes } from './causes.js';

const of = (...received: { traceparent?: string; data: unknown }[]) => {
  const causes = new Causes();
  causes.add(received);
  return causes;
};

it('are found by the thing that a message is about', () => {
  const causes = of(
    { traceparent: 'trace-a', data: { orderId: 'a', sku: 'MUG' } },
    { traceparent: 'trace-b', data: { orderId: 'b' } },
  );
  expect(causes.traceOf({ orderId: 'b', postingId: 'b-1' })).toBe('trace-b');
  expect(causes.traceOf({ sku: 'MUG' })).toBe('trace-a');
});

it('are the only one there is, also for what is about something else', () => {
  expect(of({ traceparent: 'trace-a', data: { orderId: 'a' } }).traceOf({ sku: 'MUG' })).toBe(
    'trace-a',
  );
});

it('are none when it could be one of several: no message takes the trace of another', () => {
  const causes = of(
    { traceparent: 'trace-a', data: { orderId: 'a' } },
    { traceparent: 'trace-b', data: { orderId: 'b' } },
  );
  expect(causes.traceOf({ orderId: 'c' })).toBeUndefined();
  expect(causes.traceOf({ sku: 'a' })).toBeUndefined();
  expect(of({ data: null }).traceOf({ orderId: 'a' })).toBeUndefined();
});
