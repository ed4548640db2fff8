import { connect } from 'node:net';

/** What a NATS server says of itself in the first line it sends. */
export interface ServerInfo {
  readonly version: string;
  readonly server_name?: string;
  readonly jetstream?: boolean;
}

/** Connects, reads the greeting and leaves; `undefined` when nobody answers in time. */
export function readServerInfo(
  host: string,
  port: number,
  withinMs = 2000,
): Promise<ServerInfo | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (info: ServerInfo | undefined): void => {
      socket.destroy();
      resolve(info);
    };
    let received = '';
    socket.setTimeout(withinMs, () => end(undefined));
    socket.once('error', () => end(undefined));
    socket.once('close', () => resolve(undefined));
    socket.on('data', (chunk) => {
      received += chunk.toString('utf8');
      const line = /^INFO (\{.*\})\s*\r\n/.exec(received);
      if (line?.[1] !== undefined) end(JSON.parse(line[1]) as ServerInfo);
      else if (received.length > 65_536) end(undefined);
    });
  });
}
