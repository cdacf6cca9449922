/** How a canary may be encoded on the wire. */
export type CanaryForm = 'raw' | 'hex' | 'hex-upper' | 'base64' | 'base64-of-hex' | 'utf16le' | 'utf16be';

/** One byte string to look for. */
export interface Needle {
  readonly canary: string;
  readonly form: CanaryForm;
  readonly bytes: Uint8Array;
}

/** Every form of a canary. `canary` is 32 hex digits (16 bytes). @throws RangeError for anything else. */
export function needlesOf(canary: string): Needle[] {
  if (!/^[0-9a-f]{32}$/i.test(canary)) throw new RangeError(`canary ${JSON.stringify(canary)} is not 32 hex digits`);
  const raw = Buffer.from(canary, 'hex');
  const lower = Buffer.from(canary.toLowerCase(), 'latin1');
  const upper = Buffer.from(canary.toUpperCase(), 'latin1');
  const needles: Needle[] = [
    { canary, form: 'raw', bytes: raw },
    { canary, form: 'hex', bytes: lower },
  ];
  if (!upper.equals(lower)) needles.push({ canary, form: 'hex-upper', bytes: upper });
  for (const text of new Set([...base64Cores(raw)])) needles.push({ canary, form: 'base64', bytes: Buffer.from(text, 'latin1') });
  for (const text of new Set([...base64Cores(lower), ...base64Cores(upper)])) {
    needles.push({ canary, form: 'base64-of-hex', bytes: Buffer.from(text, 'latin1') });
  }
  for (const ascii of upper.equals(lower) ? [lower] : [lower, upper]) {
    const little = Buffer.from(ascii.toString('latin1'), 'utf16le');
    needles.push({ canary, form: 'utf16le', bytes: little }, { canary, form: 'utf16be', bytes: Buffer.from(little).swap16() });
  }
  return needles;
}

/**
 * The base64 characters that depend on these bytes alone, wherever they start in a longer text (three alignments), in the
 * standard and the URL alphabet.
 */
export function base64Cores(bytes: Uint8Array): string[] {
  const cores: string[] = [];
  for (let before = 0; before < 3; before++) {
    const text = Buffer.concat([new Uint8Array(before), bytes, new Uint8Array(3)]).toString('base64');
    const core = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    cores.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return cores;
}
