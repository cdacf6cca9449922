import { allMatches, encodedRuns } from './encoded-runs.ts';
import { SECRET_PATTERNS } from './patterns.ts';
import type { MarkSearch } from './secret-marks.ts';
import { unpackedAll } from './unpack.ts';

/** Something that is or looks like a secret. The secret itself is in no field. */
export interface SecretFinding {
  /** `known-secret` for one of the run, else the name of a pattern. */
  readonly rule: string;
  /** Offset in the file, or in the view of it that `form` names. */
  readonly offset: number;
  /** How it was written: `raw`, `hex`, `base64`, `hex in base64`, with the view of the file as prefix. */
  readonly form: string;
}

/** What to look for, in addition to the patterns. */
export interface SecretKnowledge {
  /** The run's own secrets; null where the recording has no marks. */
  readonly marks: MarkSearch | null;
  /** Values that look like keys and are public, as they are printed. */
  readonly isPublic: (value: string) => boolean;
}

/** Greatest depth of nested encodings: the key file of a Secret is hex in base64. */
const MAX_DEPTH = 2;
/**
 * Greatest depth of nested gzip members. The unpacked content may have nested encodings again: a release of Helm is JSON in gzip in base64
 * in base64.
 */
const MAX_PACKED = 2;
/** Largest content of a gzip member inside something else, bytes. */
const MAX_UNPACKED = 16 * 1024 * 1024;
/** Find secrets in bytes: raw, hex, base64, nested, across lines. One finding for each rule, form and place. */
export function scanBytes(bytes: Uint8Array, knowledge: SecretKnowledge, form = ''): SecretFinding[] {
  const found = new Map<string, SecretFinding>();
  scan(bytes, knowledge, [], 0, (rule, offset, encodings) => {
    const how = encodings.length === 0 ? 'raw' : encodings.toReversed().join(' in ');
    const finding = { rule, offset, form: form === '' ? how : `${form}, ${how}` };
    found.set(`${rule} ${how} ${offset}`, finding);
  });
  return [...found.values()];
}

type Report = (rule: string, offset: number, encodings: readonly string[]) => void;

/** @param outer where the encoded run that holds these bytes begins, for depth above 0 */
function scan(bytes: Uint8Array, knowledge: SecretKnowledge, encodings: readonly string[], outer: number, report: Report): void {
  const place = (at: number): number => (encodings.length === 0 ? at : outer);
  knowledge.marks?.search(bytes, (at) => report('known-secret', place(at), encodings));
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  for (const { rule, pattern, confirm } of SECRET_PATTERNS)
    for (const match of allMatches(text, pattern))
      if (confirm === undefined || confirm(match[0], knowledge.isPublic)) report(rule, place(match.index), encodings);
  // A file that is gzip as a whole is unpacked by the reader of files; this finds members inside other content.
  if (encodings.length > 0 && encodings.filter((encoding) => encoding === GZIP).length < MAX_PACKED)
    for (const packed of unpackedAll(bytes, MAX_UNPACKED)) scan(packed, knowledge, [...encodings, GZIP], outer, report);
  if (encodings.length - 1 - encodings.lastIndexOf(GZIP) >= MAX_DEPTH) return;
  for (const { encoding, at, written, decoded } of encodedRuns(text)) {
    const inner = [...encodings, encoding];
    const clean = cleanRunsOf(knowledge);
    const key = `${inner.join()} ${written}`;
    if (clean.has(key)) continue;
    let findings = 0;
    for (const content of decoded())
      scan(content, knowledge, inner, place(at), (...finding) => {
        findings++;
        report(...finding);
      });
    if (findings === 0) clean.add(key);
  }
}

/** Runs in which nothing was found, each under its encodings: most of those in captures and outputs stand there many times. */
class CleanRuns {
  readonly #keys = new Set<string>();
  #length = 0;

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(key: string): void {
    this.#length += key.length;
    if (this.#length > MOST_OF_RUNS) {
      this.#keys.clear();
      this.#length = key.length;
    }
    this.#keys.add(key);
  }
}

/** Most that is kept of clean runs, characters. */
const MOST_OF_RUNS = 8 * 1024 * 1024;
const CLEAN = new WeakMap<SecretKnowledge, CleanRuns>();

function cleanRunsOf(knowledge: SecretKnowledge): CleanRuns {
  const known = CLEAN.get(knowledge);
  if (known !== undefined) return known;
  const clean = new CleanRuns();
  CLEAN.set(knowledge, clean);
  return clean;
}

const GZIP = 'gzip';
