import { createServer } from 'node:net';
import { freePort } from './free-port.js';

it('is given once, so that nobody loses it before listening', async () => {
  const ports = await Promise.all(Array.from({ length: 600 }, () => freePort()));
  expect(new Set(ports).size).toBe(600);
});

it('is the preferred one where nobody listens there', async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(await freePort(port)).not.toBe(port);
  await new Promise((resolve) => server.close(resolve));
});
