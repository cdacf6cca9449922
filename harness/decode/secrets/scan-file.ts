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
  const pieces = new PieceScan(knowledge, 0);
  let first = true;
  let packed: Uint8Array[] | null = null;
  for await (const chunk of source) {
    if (first && isPacked(chunk)) packed = [];
    first = false;
    packed?.push(Uint8Array.from(chunk));
    pieces.add(chunk);
  }
  const findings = pieces.end();
  if (packed === null) return findings;
  const inside = new Map(
    (await scanPacked(Buffer.concat(packed), knowledge)).map((finding) => [`${finding.rule} ${finding.offset}`, finding]),
  );
  return [...findings, ...inside.values()];
}

/** Whether a file that begins with these bytes is gzip as a whole. It cannot be searched in parts. */
export function isPacked(beginning: Uint8Array): boolean {
  return beginning[0] === 0x1f && beginning[1] === 0x8b;
}

/** A part of a file that is searched by itself. */
export interface FilePart {
  /** Where its source begins: before the part itself, by the bytes that its first piece repeats. */
  readonly from: number;
  /** Null up to the end of the file, where that may be by now. */
  readonly to: number | null;
  /** The part itself begins here. */
  readonly at: number;
}

/** Parts of so many pieces each, of a file of so many bytes: they are searched piece by piece as the whole file is. */
export function partsOf(bytes: number, pieces: number): FilePart[] {
  const size = pieces * PIECE;
  const count = Math.max(1, Math.ceil(bytes / size));
  return Array.from({ length: count }, (_, n) => ({
    from: Math.max(0, n * size - OVERLAP),
    at: n * size,
    to: n === count - 1 ? null : (n + 1) * size,
  }));
}

/** Find in a part of a file that is not packed what {@link scanFile} finds there in the whole file. */
export async function scanPart(
  source: AsyncIterable<Uint8Array>,
  { from, to }: FilePart,
  knowledge: SecretKnowledge,
): Promise<SecretFinding[]> {
  const pieces = new PieceScan(knowledge, from);
  for await (const chunk of source) pieces.add(chunk);
  return to === null ? pieces.end() : pieces.found();
}

/** What all parts of a file have, in their order: in the overlap of two parts, both find the same. */
export function joinFindings(parts: readonly (readonly SecretFinding[])[]): SecretFinding[] {
  return [...new Map(parts.flat().map((finding) => [placeOf(finding), finding])).values()];
}

function placeOf({ rule, form, offset }: SecretFinding): string {
  return `${rule} ${form} ${offset}`;
}

/** Scans a file that comes in chunks of any size. A piece ends at each multiple of its size in the file. */
class PieceScan {
  readonly #knowledge: SecretKnowledge;
  readonly #findings = new Map<string, SecretFinding>();
  /** Bytes that are not scanned yet, after those that the next piece repeats, and where they begin in the file. */
  #held: Buffer[] = [];
  #length = 0;
  #origin: number;

  /** @param origin of the first byte, in the file */
  constructor(knowledge: SecretKnowledge, origin: number) {
    this.#knowledge = knowledge;
    this.#origin = origin;
  }

  add(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const end = this.#origin + this.#length;
      const taken = Math.min(chunk.length - at, PIECE - (end % PIECE));
      // A copy: the source may write the next chunk over this one.
      this.#held.push(Buffer.from(chunk.subarray(at, at + taken)));
      this.#length += taken;
      at += taken;
      if ((end + taken) % PIECE === 0) this.#scan(OVERLAP);
    }
  }

  /** What was found in the pieces that are complete. */
  found(): SecretFinding[] {
    return [...this.#findings.values()];
  }

  /** Scan what is left at the end of the file. */
  end(): SecretFinding[] {
    this.#scan(0);
    return this.found();
  }

  #scan(overlap: number): void {
    const piece = Buffer.concat(this.#held);
    for (const finding of scanPiece(piece, this.#knowledge)) {
      const moved = { ...finding, offset: finding.offset + this.#origin };
      this.#findings.set(placeOf(moved), moved);
    }
    const repeated = piece.subarray(piece.length - Math.min(overlap, piece.length));
    this.#origin += piece.length - repeated.length;
    this.#held = [repeated];
    this.#length = repeated.length;
  }
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
