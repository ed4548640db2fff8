// What one would write without our libs: take the body, insert it, answer. It verifies nothing.
import fastify from 'fastify';
import pg from 'pg';

const { env } = process;
const pool = new pg.Pool({ connectionString: env['DATABASE_URL'], max: Number(env['BENCH_POOL']) });
await pool.query(`CREATE TABLE IF NOT EXISTS webhook (
  event_id text PRIMARY KEY, topic text NOT NULL, headers jsonb NOT NULL, body bytea NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp())`);

const server = fastify();
server.removeAllContentTypeParsers();
server.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
server.post('/webhook', async ({ headers, body }) => {
  await pool.query('INSERT INTO webhook (event_id, topic, headers, body) VALUES ($1, $2, $3, $4)', [
    headers['x-shopify-webhook-id'],
    headers['x-shopify-topic'],
    headers,
    body,
  ]);
  return { received: true };
});
server.get('/health/ready', () => ({ ready: true }));
await server.listen({ host: '127.0.0.1', port: Number(env['HTTP_PORT']) });
