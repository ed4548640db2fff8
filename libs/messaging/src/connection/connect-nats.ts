import { connect, type NatsConnection } from '@nats-io/transport-node';

export interface NatsLogin {
  /** One server, or the members of a cluster with commas between them. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  /** Shown in the server's list of clients. */
  readonly name?: string;
}

/**
 * Connects, and from then on reconnects for ever: the client's own limits (ten tries, a ping every
 * two minutes) would close a service for good over a short outage.
 */
export async function connectNats(login: NatsLogin): Promise<NatsConnection> {
  return connect({
    servers: login.url.split(','),
    user: login.user,
    pass: login.password,
    name: login.name ?? login.user,
    inboxPrefix: inboxPrefixOf(login.user),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    reconnectJitter: 250,
    pingInterval: 5_000,
    maxPingOut: 3,
    timeout: 10_000,
    ignoreAuthErrorAbort: true,
  });
}

/** Replies come to a place that only this user may read. */
export function inboxPrefixOf(user: string | undefined): string {
  return user === undefined ? '_INBOX' : `_INBOX_${user}`;
}
