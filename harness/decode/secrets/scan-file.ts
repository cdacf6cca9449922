import { type SecretFinding, type SecretKnowledge, scanBytes } from './scan-bytes.ts';
import { unpackedAll } from './unpack.ts';

/** Bytes that are scanned at once; files are read in such pieces. */
const PIECE = 1024 * 1024;
/** Bytes that a piece repeats of the previous one: more than any secret with line ends. */
const OVERLAP = 16 * 1024;
/** Largest compressed file that is opened, and its largest content. */
const MAX_UNPACKED = 256 * 1024 * 1024;

/**
 * Find secrets in a file of any kind, piece by piece. Text in UTF-16 and the text of a page without its tags and entities are searched too,
 * and a gzip file is unpacked.
 * @throws RangeError when a gzip file unpacks to more than the limit: it cannot be searched completely
 */
export async function scanFile(source: AsyncIterable<Uint8Array>, knowledge: SecretKnowledge): Promise<SecretFinding[]> {
  const findings = new Map<string, SecretFinding>();
  let held = Buffer.alloc(0);
  let origin = 0;
  let first = true;
  let packed: Uint8Array[] | null = null;
  const flush = (last: boolean): void => {
    for (const finding of scanPiece(held, knowledge)) {
      const moved = { ...finding, offset: finding.offset + origin };
      findings.set(`${moved.rule} ${moved.form} ${moved.offset}`, moved);
    }
    const keep = last ? 0 : Math.min(OVERLAP, held.length);
    origin += held.length - keep;
    held = held.subarray(held.length - keep);
  };
  for await (const chunk of source) {
    if (first && chunk[0] === 0x1f && chunk[1] === 0x8b) packed = [];
    first = false;
    packed?.push(Uint8Array.from(chunk));
    for (let at = 0; at < chunk.length; at += PIECE) {
      held = Buffer.concat([held, chunk.subarray(at, at + PIECE)]);
      if (held.length >= PIECE) flush(false);
    }
  }
  flush(true);
  if (packed !== null)
    for (const finding of await scanPacked(Buffer.concat(packed), knowledge)) findings.set(`gz ${finding.rule} ${finding.offset}`, finding);
  return [...findings.values()];
}

/** Latin text in UTF-16: a zero beside every character, on either side. */
const UTF16 = /(?:[\t\n\r -~]\0){16,}|(?:\0[\t\n\r -~]){16,}/g;

/** The end of an element, or a character by its number. Two bytes alone, as `</`, stand in every capture of ciphertext by chance. */
const MARKUP = /<\/[a-z][a-z0-9-]{0,20}\s{0,4}>|&#(?:\d{1,3}|x[0-9a-f]{1,2});/i;
/** `\u00XX`, or `\/` with text on one side. */
const ESCAPES = /\\u00[0-7]|\\\/[!-~]{6}|[!-~]{6}\\\//;

function scanPiece(bytes: Buffer, knowledge: SecretKnowledge): SecretFinding[] {
  const findings = scanBytes(bytes, knowledge);
  const text = bytes.toString('latin1');
  for (const match of text.matchAll(UTF16))
    for (const finding of scanBytes(Buffer.from(match[0].replaceAll('\0', ''), 'latin1'), knowledge, 'in UTF-16'))
      findings.push({ ...finding, offset: match.index + 2 * finding.offset });
  if (MARKUP.test(text)) findings.push(...scanBytes(Buffer.from(withoutMarkup(text), 'latin1'), knowledge, 'without markup'));
  if (ESCAPES.test(text)) findings.push(...scanBytes(Buffer.from(withoutEscapes(text), 'latin1'), knowledge, 'without escapes'));
  return findings;
}

async function scanPacked(bytes: Buffer, knowledge: SecretKnowledge): Promise<SecretFinding[]> {
  const findings: SecretFinding[] = [];
  for (const content of unpackedAll(bytes, MAX_UNPACKED)) {
    const inside = await scanFile([content] as unknown as AsyncIterable<Uint8Array>, knowledge);
    findings.push(...inside.map((finding) => ({ ...finding, form: `unpacked, ${finding.form}` })));
  }
  return findings;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function withoutMarkup(text: string): string {
  return text
    .replace(/<[^<>]{0,2000}>/g, '')
    .replace(/&(?:#(\d{1,3})|#x([0-9a-f]{1,2})|(amp|lt|gt|quot|apos));/gi, (_, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? '';
      return String.fromCharCode((decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal)) & 0xff);
    });
}

function withoutEscapes(text: string): string {
  return text.replace(/\\u00([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))).replaceAll('\\/', '/');
}
