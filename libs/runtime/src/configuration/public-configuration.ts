import { createHash } from 'node:crypto';
import { plainToInstance } from 'class-transformer';
import { Configuration, type AnyConnection } from './configuration.js';

/** Settings of a connection whose values are nobody's to read. */
const CREDENTIALS = new Set([
  ...['siteId', 'clientId', 'clientSecret', 'accessToken', 'webhookSecrets'],
  'webhookSignatureKey',
]);

/**
 * A configuration as it may be stored and told: without credentials. One that an earlier version of this
 * program has stored gets the defaults of settings that it had none of.
 */
export function publicConfiguration(configuration: object): Configuration {
  const plain = JSON.parse(JSON.stringify(configuration)) as Configuration;
  const connections = plain.connections.map(withoutCredentials);
  return plainToInstance(Configuration, { ...plain, connections }, { exposeDefaultValues: true });
}

/** The same for the same configuration, credentials and all, which nobody finds in it. */
export function digestOf(configuration: Configuration): string {
  return createHash('sha256').update(JSON.stringify(configuration)).digest('hex');
}

/** Ids of the connections in both whose credentials are others now. */
export function changedCredentials(before: Configuration, after: Configuration): string[] {
  const known = new Map(before.connections.map((each) => [each.id, credentialsOf(each)]));
  return after.connections
    .filter((each) => known.has(each.id) && known.get(each.id) !== credentialsOf(each))
    .map(({ id }) => id);
}

function withoutCredentials(connection: AnyConnection): AnyConnection {
  const kept = Object.entries(connection).filter(([name]) => !CREDENTIALS.has(name));
  return Object.fromEntries(kept) as unknown as AnyConnection;
}

function credentialsOf(connection: AnyConnection): string {
  return JSON.stringify(Object.entries(connection).filter(([name]) => CREDENTIALS.has(name)));
}
