import { Failure } from '@tillbridge/contracts';
import { request } from 'undici';

/** Of one part: some 2,000 figures, far fewer than a page may hold. */
const PART_BYTES = 512 * 1_024;
const TIMEOUT_MS = 30_000;
const RETRY_MS = 2_000;
const NEW_LINE = 0x0a;

export interface FilePart {
  /** Whole lines. */
  readonly lines: readonly string[];
  /** Where the next part begins, in bytes; null at the end of the file. */
  readonly next: number | null;
}

/**
 * Reads some lines of a file from a byte on, whatever its size. A server that gives no parts is read
 * as far as is needed, and what was read before is passed over.
 *
 * @throws Failure `vendor-refused` 'never' when the address is not good any more.
 */
export async function readFilePart(url: string, from: number): Promise<FilePart> {
  try {
    const { statusCode, body } = await request(url, {
      headers: { range: `bytes=${from}-${from + PART_BYTES - 1}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (statusCode === 416) {
      await body.dump();
      return { lines: [], next: null };
    }
    if (statusCode !== 200 && statusCode !== 206) {
      await body.dump();
      throw refusal(statusCode);
    }
    return partOf(await readBytes(body, statusCode === 206 ? 0 : from), from);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const text = 'the bulk file got lost on its way';
    throw new Failure('vendor-unavailable', { afterMs: RETRY_MS }, text, { cause: error });
  }
}

/** As many bytes as a part has, after those that are passed over; the rest is not waited for. */
async function readBytes(body: AsyncIterable<Buffer>, passedOver: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let skip = passedOver;
  let held = 0;
  for await (const chunk of body) {
    const rest = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - rest.length;
    chunks.push(rest);
    held += rest.length;
    if (held >= PART_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, PART_BYTES);
}

/** A part that is not full ends the file; a full one ends at its last whole line. */
function partOf(bytes: Buffer, from: number): FilePart {
  const isLast = bytes.length < PART_BYTES;
  const end = isLast ? bytes.length : bytes.lastIndexOf(NEW_LINE) + 1;
  if (end === 0 && !isLast) {
    throw new Failure('vendor-refused', 'never', 'a line of the bulk file is longer than a part');
  }
  const lines = bytes.subarray(0, end).toString('utf8').split('\n');
  return { lines: lines.filter((line) => line !== ''), next: isLast ? null : from + end };
}

function refusal(status: number): Failure {
  const text = `the bulk file was answered with HTTP ${status}`;
  return status >= 500 || status === 429
    ? new Failure('vendor-unavailable', { afterMs: RETRY_MS }, text)
    : new Failure('vendor-refused', 'never', text);
}
