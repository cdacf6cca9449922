import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import { pae } from '../pack/sign/dsse.ts';
import { keyIdOf, type SigningKey } from '../pack/sign/signing-key.ts';
import { type ChainedEntry, HISTORY_SCHEMA, type HistoryBody, type HistoryEntry } from './entry.ts';
import { HistoryError } from './history-error.ts';

/** Type of what is signed, so that a line's signature can't be taken for that of a pack. */
const ENTRY_TYPE = 'application/vnd.wirewitness.history+json';
/** `previous` of the first line. */
const BEGINNING = '0'.repeat(64);

/** The line, with its line end, that goes behind `last` (null: the first one). */
export function chainLine(body: HistoryBody, last: ChainedEntry | null, key: SigningKey): string {
  return signedLine(body, last === null ? 1 : last.entry.sequence + 1, last?.digest ?? BEGINNING, key);
}

/** The line that stands for `removed` and all before it. */
export function retentionLine(removed: ChainedEntry, count: number, olderThan: string, key: SigningKey): string {
  return signedLine({ kind: 'retention', removed: count, olderThan }, removed.entry.sequence, removed.digest, key);
}

function signedLine(body: HistoryBody, sequence: number, previous: string, key: SigningKey): string {
  const signer = createPublicKey(key.publicPem).export({ type: 'spki', format: 'der' }).toString('base64');
  const entry: HistoryEntry = { schema: HISTORY_SCHEMA, sequence, previous, ...body, signer };
  const text = JSON.stringify(entry);
  const signature = sign(null, pae(ENTRY_TYPE, Buffer.from(text)), key.privateKey).toString('base64');
  return `${JSON.stringify({ entry: text, signature })}\n`;
}

/**
 * Check a whole history: every line is signed, names the one before it by digest, and has the next number. Removing the newest
 * lines leaves a history that is right in itself; who kept the digest of a later line finds that out with `head`.
 * @param trusted ids of the keys that may have signed; null for any, which proves nothing about who signed
 * @throws HistoryError naming the line
 */
export function readChain(text: string, trusted: ReadonlySet<string> | null = null): ChainedEntry[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new HistoryError(lines.length + 1, 'is cut short: the file does not end with a line end');
  const chain: ChainedEntry[] = [];
  for (const [index, line] of lines.entries()) chain.push(readLine(line, index + 1, chain.at(-1) ?? null, trusted));
  return chain;
}

function readLine(line: string, number: number, last: ChainedEntry | null, trusted: ReadonlySet<string> | null): ChainedEntry {
  const { entry, text, signature } = parse(line, number);
  // The last digit of base64 has bits that mean nothing: another digit there would be another line with a right signature.
  const isCanonical = Buffer.from(signature, 'base64').toString('base64') === signature;
  if (!isCanonical || JSON.stringify({ entry: text, signature }) !== line)
    throw new HistoryError(number, 'is not in canonical form: it was changed');
  if (entry.schema !== HISTORY_SCHEMA)
    throw new HistoryError(number, `has schema ${JSON.stringify(entry.schema)}; this version reads ${HISTORY_SCHEMA}`);
  const { keyId, isValid } = checkSignature(text, entry.signer, signature, number);
  if (trusted !== null && !trusted.has(keyId)) throw new HistoryError(number, `was signed by the unknown key ${keyId}`);
  if (!isValid) throw new HistoryError(number, `the signature is not that of key ${keyId}: the line was changed`);
  checkPlace(entry, number, last);
  // A retention line takes the name of the last line that it stands for, so that the line behind still fits.
  const digest = entry.kind === 'retention' ? entry.previous : createHash('sha256').update(line).digest('hex');
  return { entry, line, digest, keyId };
}

function checkPlace(entry: HistoryEntry, number: number, last: ChainedEntry | null): void {
  if (entry.kind === 'retention') {
    if (last !== null) throw new HistoryError(number, 'stands for removed lines, which only the first line can');
    return;
  }
  const sequence = (last?.entry.sequence ?? 0) + 1;
  if (entry.sequence !== sequence)
    throw new HistoryError(number, `has number ${entry.sequence}, must have ${sequence}: lines were removed, added or moved`);
  const previous = last?.digest ?? BEGINNING;
  if (entry.previous !== previous)
    throw new HistoryError(number, `names ${entry.previous} as the line before, which is ${previous}: a line was changed or moved`);
}

function parse(line: string, number: number): { entry: HistoryEntry; text: string; signature: string } {
  try {
    const { entry: text, signature } = JSON.parse(line) as { entry: unknown; signature: unknown };
    if (typeof text !== 'string' || typeof signature !== 'string') throw new TypeError('it has no entry and signature');
    const entry = JSON.parse(text) as HistoryEntry;
    if (typeof entry.signer !== 'string' || (entry.kind !== 'run' && entry.kind !== 'retention'))
      throw new TypeError('its entry is of no known kind');
    return { entry, text, signature };
  } catch (error) {
    throw new HistoryError(number, `can't be read: ${(error as Error).message}`);
  }
}

function checkSignature(text: string, signer: string, signature: string, number: number): { keyId: string; isValid: boolean } {
  try {
    const key = createPublicKey({ key: Buffer.from(signer, 'base64'), type: 'spki', format: 'der' });
    const isValid =
      key.asymmetricKeyType === 'ed25519' && verify(null, pae(ENTRY_TYPE, Buffer.from(text)), key, Buffer.from(signature, 'base64'));
    return { keyId: keyIdOf(key), isValid };
  } catch {
    throw new HistoryError(number, 'names a signer that is no key: it was changed');
  }
}
