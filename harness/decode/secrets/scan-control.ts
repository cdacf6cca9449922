import { type Plant, plantsOf } from './plants.ts';
import type { SecretKnowledge } from './scan-bytes.ts';
import { scanFile } from './scan-file.ts';
import { MarkSearch, RANDOM_TAGS, SecretMarker } from './secret-marks.ts';

/** Outcome of a positive control. */
export interface ScanControl {
  readonly planted: number;
  /** Names of the plants that were not found: if there is one, the scanner is not reliable. */
  readonly missed: readonly string[];
}

/** A secret of each pattern's shape; built from parts so that no source file contains one. */
function shapedPlants(random: Uint8Array): Plant[] {
  const hex = Buffer.from(random).toString('hex');
  const word = Buffer.from(random).toString('base64url');
  const clamped = Buffer.concat([random, random]).subarray(0, 32);
  clamped[0] = clamped[0]! & 0xf8;
  clamped[31] = (clamped[31]! & 0x3f) | 0x40;
  const pem = `-----BEGIN ${'PRIVATE'} KEY-----\nMC4CAQ\n`;
  const shapes: Readonly<Record<string, string>> = {
    'private key': pem,
    'client key of a kubeconfig': `    client-key-data: ${Buffer.from(`${pem}${hex}`).toString('base64')}\n`,
    'JSON web token': `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from('{"iss":"kubernetes"}').toString('base64url')}.${word}`,
    'key of ip xfrm': `\taead ${'rfc4106(gcm(aes))'} 0x${hex} 128\n`,
    'key file of an agent': `3+ ${'rfc4106(gcm(aes))'} ${hex} 128\n`,
    'WireGuard private key': `${clamped.toString('base64')}\n`,
    'AWS access key': `AKIA${hex.toUpperCase().slice(0, 16)}\n`,
  };
  return Object.entries(shapes).map(([name, text]) => ({ name: `text: ${name}`, bytes: Buffer.from(text) }));
}

/**
 * Put a new random secret into every kind of file in every form, and look for it with the scanner: proves that a search without findings
 * has a meaning. The secret stays in memory.
 * @param random 16 to 32 random bytes, used once
 * @param scan the scanner to test
 */
export async function controlScan(random: Uint8Array, scan = scanFile): Promise<ScanControl> {
  const marker = new SecretMarker(random.slice(0, 16).reverse(), new Uint8Array(2 * RANDOM_TAGS));
  marker.add(random);
  const known: SecretKnowledge = { marks: new MarkSearch(marker.marks()), isPublic: () => false };
  const blind: SecretKnowledge = { marks: null, isPublic: () => false };
  const missed: string[] = [];
  const plants = plantsOf(random);
  const shaped = shapedPlants(random);
  for (const { name, bytes } of plants) if (!(await isFound(scan, bytes, known, 'known-secret'))) missed.push(name);
  for (const { name, bytes } of shaped) if (!(await isFound(scan, bytes, blind))) missed.push(name);
  return { planted: plants.length + shaped.length, missed };
}

async function isFound(scan: typeof scanFile, bytes: Uint8Array, knowledge: SecretKnowledge, rule?: string): Promise<boolean> {
  const findings = await scan([bytes] as unknown as AsyncIterable<Uint8Array>, knowledge);
  return findings.some((finding) => rule === undefined || finding.rule === rule);
}
