import { Body, Controller, Headers, HttpCode, HttpException, Param, Post } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { HostedConnections } from '../connections/hosted-connections.js';
import { WebhookJournal } from './webhook-journal.js';

type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Where vendors send their webhooks. Verified, journalled, answered; read and acted upon later. */
@Controller('webhooks')
export class WebhooksController {
  constructor(
    private readonly hosted: HostedConnections,
    private readonly journal: WebhookJournal,
  ) {}

  @Post(':connectionId')
  @HttpCode(200)
  async receive(
    @Param('connectionId') connectionId: string,
    @Headers() rawHeaders: RawHeaders,
    @Body() body: unknown,
  ): Promise<{ received: boolean; repeated: boolean }> {
    const host = this.hosted.find(connectionId);
    if (host === undefined) {
      throw refusal(404, 'unknown-connection', `'${connectionId}' is not connected here`);
    }
    // Without a body the server hands over nothing; a signature covers the empty text all the same.
    const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const headers = plainHeaders(rawHeaders);
    const verdict = host.vendor.verify({ body: raw, headers });
    if (!verdict.ok) {
      // Signed by the vendor yet unreadable: somebody will want to see it.
      if (verdict.status === 400) {
        await this.journal.add({
          connection: connectionId,
          eventId: `unreadable-${createHash('sha256').update(raw).digest('hex')}`,
          topic: verdict.code,
          headers: keptHeaders(headers),
          body: raw,
          keys: [],
          error: verdict.detail,
        });
      }
      throw refusal(verdict.status, verdict.code, verdict.detail);
    }
    const { eventId, topic, keys, wakes } = verdict;
    const isNew = await this.journal.add({
      connection: connectionId,
      eventId,
      topic,
      headers: keptHeaders(headers),
      body: raw,
      keys,
    });
    if (isNew) host.observer.wake(wakes);
    return { received: true, repeated: !isNew };
  }
}

function refusal(status: number, code: string, detail: string): HttpException {
  return new HttpException({ code, detail }, status);
}

function plainHeaders(headers: RawHeaders): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}

/** What the vendor says about the event. Signatures and credentials are of no use later. */
function keptHeaders(headers: Readonly<Record<string, string | undefined>>) {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const telling = /^(x-|square-|content-type$|user-agent$)/.test(name);
    if (telling && !/hmac|signature|auth|token/.test(name) && value !== undefined) {
      kept[name] = value;
    }
  }
  return kept;
}
