import { randomUUID } from 'node:crypto';

import type { Answer, Call } from '../wire/server-kit.js';
import { problem } from './problem.js';

const LIVES_S = 3600;

/** Hands out tokens that end, and knows them again. There is no refresh token. */
export class TokenDesk {
  private readonly validUntilMs = new Map<string, number>();

  constructor(
    private readonly options: {
      readonly siteId: string;
      readonly clientId: string;
      readonly clientSecret: string;
      now(): number;
    },
  ) {}

  /** POST /api/auth/token: JSON only. */
  issue(call: Call): Answer {
    if (!isJson(call)) {
      return problem(415, 'Unsupported media type', 'The token request must be JSON.');
    }
    if (call.headers['site-id'] !== this.options.siteId) return wrongSite();
    const body = readJson(call.rawBody) as Record<string, unknown> | null;
    if (body?.['grant_type'] !== 'client_credentials') {
      return problem(400, 'Validation failed', 'grant_type must be client_credentials.');
    }
    const { clientId, clientSecret } = this.options;
    if (body['client_id'] !== clientId || body['client_secret'] !== clientSecret) {
      return problem(401, 'Unauthorized', 'The client credentials are not valid.');
    }
    const access_token = `tok_${randomUUID()}`;
    this.validUntilMs.set(access_token, this.options.now() + LIVES_S * 1000);
    return { status: 200, body: { access_token, token_type: 'Bearer', expires_in: LIVES_S } };
  }

  /** Null lets the call in. */
  refuse(call: Call): Answer | null {
    if (call.headers['site-id'] !== this.options.siteId) return wrongSite();
    const token = /^Bearer (.+)$/.exec(call.headers['authorization'] ?? '')?.[1] ?? '';
    const untilMs = this.validUntilMs.get(token);
    if (untilMs === undefined || untilMs <= this.options.now()) {
      return problem(401, 'Unauthorized', 'The access token is missing, unknown or expired.');
    }
    return null;
  }

  /** Ends every token before its time. */
  expireAll(): void {
    this.validUntilMs.clear();
  }
}

export function readJson(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString());
  } catch {
    return null;
  }
}

function isJson(call: Call): boolean {
  return (call.headers['content-type'] ?? '').startsWith('application/json');
}

function wrongSite(): Answer {
  return problem(401, 'Unauthorized', 'The Site-Id header is missing or names another site.');
}
