import { createHash } from 'node:crypto';

import { invalid } from './square-error.js';

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** What was asked; a cursor is only good for the same question. */
  readonly query: unknown;
  readonly nowMs: number;
}

interface CursorContent {
  readonly queryHash: string;
  readonly after: string;
  readonly issuedAtMs: number;
}

const LIVES_MS = 5 * 60_000;

/**
 * Cuts one page out of rows that are in order of their key. The cursor holds the last key given, so
 * a row that moves while somebody pages is seen again or later, and none is skipped for another.
 */
export function cutPage<T>(
  rows: readonly { readonly key: string; readonly row: T }[],
  order: 'ASC' | 'DESC',
  request: PageRequest,
): { rows: T[]; cursor?: string } {
  const after = request.cursor === undefined ? undefined : readCursor(request.cursor, request);
  const left = rows.filter(({ key }) => {
    if (after === undefined) return true;
    return order === 'ASC' ? key > after : key < after;
  });
  const page = left.slice(0, request.limit);
  const last = page.at(-1);
  const more = left.length > page.length && last !== undefined;
  return {
    rows: page.map(({ row }) => row),
    ...(more ? { cursor: writeCursor(last.key, request) } : {}),
  };
}

function writeCursor(after: string, request: PageRequest): string {
  const content: CursorContent = {
    queryHash: hashOf(request.query),
    after,
    issuedAtMs: request.nowMs,
  };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function readCursor(cursor: string, request: PageRequest): string {
  const refused = invalid('INVALID_CURSOR', 'The cursor is not valid for this query.', 'cursor');
  let content: CursorContent;
  try {
    content = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as CursorContent;
  } catch {
    throw refused;
  }
  if (content.queryHash !== hashOf(request.query)) throw refused;
  if (request.nowMs - content.issuedAtMs > LIVES_MS) throw refused;
  return content.after;
}

function hashOf(query: unknown): string {
  return createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 16);
}
