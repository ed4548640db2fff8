// Prints exceptions as they are raised and cleared, and the state of trade orders as it changes.
// Needs nothing but @nats-io/transport-node and the password of the read-only user `monitor`.
import { connect } from '@nats-io/transport-node';

const REMEMBERED = 10_000;

/** What a line says of an event, by its subject without the service. Others are not printed. */
const LINES = {
  'exception-raised.v1': ({ severity, code, subject, team, cause, action }) =>
    `RAISED   ${code} (${severity}) ${subject}: ${cause} ${team}: ${action}`,
  'exception-cleared.v1': ({ code, subject }) => `CLEARED  ${code} ${subject}`,
  'order-changed.v1': ({ name, state, orderId, revision }) =>
    `ORDER    ${name} is ${state} (${orderId}, revision ${revision})`,
};

const nats = await connect({
  servers: process.env.NATS_URL ?? 'nats://127.0.0.1:4222',
  user: process.env.NATS_USER ?? 'monitor',
  pass: process.env.NATS_PASSWORD,
  // The client by itself would give up after ten tries.
  maxReconnectAttempts: -1,
});
process.once('SIGINT', () => void nats.drain());
process.once('SIGTERM', () => void nats.drain());

const events = nats.subscribe('evt.>');
await nats.flush();
process.stderr.write(`Listening at ${nats.getServer()}\n`);

const seen = new Set();
for await (const message of events) {
  // A message may come twice; its id tells.
  const id = message.headers?.get('ce-id');
  if (id === undefined || id === '' || seen.has(id)) continue;
  seen.add(id);
  if (seen.size > REMEMBERED) seen.delete(seen.values().next().value);
  const lineFor = LINES[message.subject.split('.').slice(2).join('.')];
  if (lineFor === undefined) continue;
  const time = message.headers.get('ce-time');
  try {
    process.stdout.write(`${time}  ${lineFor(message.json())}\n`);
  } catch {
    process.stderr.write(`${time}  ${message.subject} could not be read\n`);
  }
}
