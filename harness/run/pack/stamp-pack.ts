import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { TIMESTAMP_SUFFIX } from '../../../reports/pack/layout.ts';
import { isGranted, stampsDigest, timestampRequest } from '../../../reports/pack/timestamp.ts';
import { replaceFile } from '../../record/replace-file.ts';
import { ExitError } from '../exit-error.ts';

/** Time limit for an authority, milliseconds. */
const LIMIT_MS = 30_000;

/**
 * Request a time stamp for a pack from an RFC 3161 authority and write its answer beside the pack. Only the pack's SHA-256 leaves the
 * machine. The pack is complete without it.
 * @returns the file of the time stamp
 * @throws ExitError (environment) when the authority gave none
 */
export async function stampPack(file: string, url: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
  const digest = hash.digest();
  const nonce = randomBytes(8);
  const body = await ask(url, timestampRequest(digest, nonce));
  if (!isGranted(body)) throw ExitError.environment(`--timestamp-url ${url}: the authority granted no time stamp`);
  if (!stampsDigest(body, digest, nonce))
    throw ExitError.environment(`--timestamp-url ${url}: the answer is about another file or request`);
  await replaceFile(`${file}${TIMESTAMP_SUFFIX}`, body);
  return `${file}${TIMESTAMP_SUFFIX}`;
}

async function ask(url: string, request: Uint8Array): Promise<Buffer> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: Buffer.from(request),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (!answer.ok) throw new Error(`HTTP status ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    const { message, cause } = error as Error;
    throw ExitError.environment(
      `--timestamp-url ${url}: ${message}${cause instanceof Error ? ` (${cause.message})` : ''}; the pack itself was written`,
    );
  }
}
