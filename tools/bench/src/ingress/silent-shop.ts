import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface SilentShop {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A shop that takes requests and never answers. Reading orders stands still then, and what is
 * measured is the taking in of webhooks, which must go on while a vendor is slow.
 */
export async function openSilentShop(): Promise<SilentShop> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
