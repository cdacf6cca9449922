import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { parseBoundedJson } from '../../harness/model/bounded-json.ts';
import { pae } from '../pack/sign/dsse.ts';
import { keyIdOf, type SigningKey } from '../pack/sign/signing-key.ts';
import { type ChainedEntry, HISTORY_SCHEMA, type HistoryBody, type HistoryEntry, historyEntrySchema } from './entry.ts';
import { HistoryError } from './history-error.ts';

/** Type of the signed text, so that the signature of a line cannot be used for a pack. */
const ENTRY_TYPE = 'application/vnd.wirewitness.history+json';
/** Type of the text that the new key signs in a handover: the line before, and the old key. */
const HANDOVER_TYPE = 'application/vnd.wirewitness.history-handover';
/** Most characters of a line; a summary has a few thousand. */
const MAX_LINE = 1_000_000;
const BOUNDS = { depth: 16, values: 100_000 };
/** `previous` of the first line. */
const BEGINNING = '0'.repeat(64);

/** The line, with its line end, that follows `last` (null: the first one). */
export function chainLine(body: HistoryBody, last: ChainedEntry | null, key: SigningKey): string {
  return signedLine(body, last === null ? 1 : last.entry.sequence + 1, last?.digest ?? BEGINNING, key);
}

/** The line that replaces `removed` and all lines before it. */
export function retentionLine(removed: ChainedEntry, count: number, olderThan: string, key: SigningKey): string {
  return signedLine({ kind: 'retention', removed: count, olderThan }, removed.entry.sequence, removed.digest, key);
}

/** The line with which `from`, the key used so far, hands over to `to`. Both private keys are needed. */
export function handoverLine(last: ChainedEntry, from: SigningKey, to: SigningKey): string {
  const accepted = sign(null, pae(HANDOVER_TYPE, Buffer.from(`${last.digest} ${from.keyId}`)), to.privateKey).toString('base64');
  return signedLine({ kind: 'handover', to: spkiOf(to), accepted }, last.entry.sequence + 1, last.digest, from);
}

type Place = 'schema' | 'sequence' | 'previous' | 'signer';
type Unplaced<T> = T extends unknown ? Omit<T, Place> : never;

function signedLine(body: Unplaced<HistoryEntry>, sequence: number, previous: string, key: SigningKey): string {
  const entry: HistoryEntry = { schema: HISTORY_SCHEMA, sequence, previous, ...body, signer: spkiOf(key) };
  const text = JSON.stringify(entry);
  const signature = sign(null, pae(ENTRY_TYPE, Buffer.from(text)), key.privateKey).toString('base64');
  return `${JSON.stringify({ entry: text, signature })}\n`;
}

function spkiOf({ publicPem }: SigningKey): string {
  return createPublicKey(publicPem).export({ type: 'spki', format: 'der' }).toString('base64');
}

/**
 * Check a whole history: every line is signed, names the one before it by digest, and has the next number. One key signs all lines until it
 * hands over to another. If the newest lines are removed, the rest is still a valid history; `head`, the digest of a later line, detects
 * it.
 * @param trusted ids of the keys that may have signed, and may hand over; null for any key, which proves nothing about the signer
 * @throws HistoryError naming the line
 */
export function readChain(text: string, trusted: ReadonlySet<string> | null = null): ChainedEntry[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new HistoryError(lines.length + 1, 'is cut short: the file does not end with a line end');
  const chain: ChainedEntry[] = [];
  for (const [index, line] of lines.entries()) {
    const number = index + 1;
    const last = chain.at(-1) ?? null;
    const read = readLine(line, number);
    const isHandedOver = last?.entry.kind === 'handover' && last.nextKeyId === read.keyId;
    if (trusted !== null && !trusted.has(read.keyId) && !isHandedOver && read.keyId !== last?.keyId)
      throw new HistoryError(number, `was signed by the unknown key ${read.keyId}`);
    if (!read.isValid) throw new HistoryError(number, `the signature is not that of key ${read.keyId}: the line was changed`);
    if (last !== null && read.keyId !== last.nextKeyId)
      throw new HistoryError(
        number,
        `was signed by key ${read.keyId}; the line before it belongs to key ${last.nextKeyId}, which did not hand over to it`,
      );
    checkPlace(read.entry, number, last);
    chain.push(chained(read, line, number));
  }
  return chain;
}

interface ReadLine {
  readonly entry: HistoryEntry;
  readonly keyId: string;
  readonly isValid: boolean;
}

function readLine(line: string, number: number): ReadLine {
  if (line.length > MAX_LINE) throw new HistoryError(number, `has ${line.length} characters, above the limit of ${MAX_LINE}`);
  const { entry, text, signature } = parse(line, number);
  // The last digit of base64 has unused bits: with another digit there, a different line would have a valid signature.
  if (!isCanonical(signature) || JSON.stringify({ entry: text, signature }) !== line)
    throw new HistoryError(number, 'is not in canonical form: it was changed');
  const key = publicKey(entry.signer, number);
  return { entry, keyId: keyIdOf(key), isValid: verify(null, pae(ENTRY_TYPE, Buffer.from(text)), key, Buffer.from(signature, 'base64')) };
}

function chained({ entry, keyId }: ReadLine, line: string, number: number): ChainedEntry {
  // A retention line has the digest of the last line that it replaces, so that the next line is still valid.
  const digest = entry.kind === 'retention' ? entry.previous : createHash('sha256').update(line).digest('hex');
  if (entry.kind !== 'handover') return { entry, line, digest, keyId, nextKeyId: keyId };
  const next = publicKey(entry.to, number);
  const agreed = pae(HANDOVER_TYPE, Buffer.from(`${entry.previous} ${keyId}`));
  if (!isCanonical(entry.accepted) || !verify(null, agreed, next, Buffer.from(entry.accepted, 'base64')))
    throw new HistoryError(number, `hands over to key ${keyIdOf(next)}, which did not agree to it`);
  return { entry, line, digest, keyId, nextKeyId: keyIdOf(next) };
}

function isCanonical(base64: string): boolean {
  return Buffer.from(base64, 'base64').toString('base64') === base64;
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
    const { entry: text, signature } = parseBoundedJson(line, BOUNDS) as { entry: unknown; signature: unknown };
    if (typeof text !== 'string' || typeof signature !== 'string') throw new TypeError('it has no entry and signature');
    const raw = parseBoundedJson(text, BOUNDS);
    const schema = (raw as { schema?: unknown } | null)?.schema;
    if (schema !== HISTORY_SCHEMA) throw new TypeError(`has schema ${JSON.stringify(schema)}; this version reads ${HISTORY_SCHEMA}`);
    const found = historyEntrySchema.safeParse(raw);
    if (!found.success) throw new TypeError(`${found.error.issues[0]?.path.join('.')}: ${found.error.issues[0]?.message}`);
    return { entry: found.data, text, signature };
  } catch (error) {
    throw new HistoryError(number, `can't be read: ${(error as Error).message}`);
  }
}

function publicKey(spki: string, number: number): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'base64'), type: 'spki', format: 'der' });
    if (key.asymmetricKeyType === 'ed25519' && isCanonical(spki)) return key;
  } catch {
    // OpenSSL's message does not help a user.
  }
  throw new HistoryError(number, 'names a signer that is no key: it was changed');
}
