import { pino, type Logger } from 'pino';

/** Injection token of the process's pino `Logger`. */
export const LOGGER = Symbol('LOGGER');

/** One JSON line an event, on stdout. What could be a secret is never written. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['password', 'accessToken', 'clientSecret', '*.password', '*.accessToken'],
      censor: '[secret]',
    },
  });
}
