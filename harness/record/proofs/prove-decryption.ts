import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { XfrmState } from '../../decode/kernel/xfrm-items.ts';
import { EspDecryptError } from '../../decode/wire/esp-decrypt.ts';
import { CaptureFormatError } from '../../decode/wire/format-error.ts';
import type { ClusterDescription } from '../../model/cluster.ts';
import type { CaptureRecord, DecryptionProof, TrafficRecord } from '../../model/recording.ts';
import type { KeyVault } from './key-vault.ts';
import { matchFlow } from './match-flow.ts';
import { type Opener, openerFor } from './open-packet.ts';
import { type SampledAssociation, sampleAssociations } from './sample-frames.ts';

/** Most packets of other traffic that one proof names. */
const NAMED_OTHERS = 16;
const ANY = new Set(['0.0.0.0', '::']);

/** What the decryption needs from a run. */
export interface DecryptionInput {
  readonly folder: string;
  readonly captures: readonly CaptureRecord[];
  readonly traffic: readonly TrafficRecord[];
  readonly cluster: ClusterDescription;
}

/**
 * Decrypt some ESP packets of every SA that the judged phase's wire shows, with the keys of the kernel. One proof for each SA and capture;
 * it contains neither key nor plaintext.
 */
export async function proveDecryption(vault: KeyVault, input: DecryptionInput): Promise<DecryptionProof[]> {
  const full = input.captures.filter((c) => c.phase === 'encrypted' && c.kind === 'full');
  const taps = full.filter((c) => c.vantage === 'wire');
  const flows = input.traffic.filter((t) => t.phase === 'encrypted');
  const proofs: DecryptionProof[] = [];
  for (const { file } of taps.length > 0 ? taps : full.filter((c) => c.vantage === 'nic')) {
    for (const sample of await samplesOf(join(input.folder, file), file))
      proofs.push({ capture: file, src: sample.src, dst: sample.dst, spi: sample.spi, ...decrypt(vault, sample, flows, input.cluster) });
  }
  return proofs;
}

/** A file that is not a capture gives no samples: the judge reads the same file and says what is wrong with it. */
async function samplesOf(path: string, file: string): Promise<readonly SampledAssociation[]> {
  try {
    return await sampleAssociations(createReadStream(path) as AsyncIterable<Uint8Array>, file);
  } catch (error) {
    if (error instanceof CaptureFormatError) return [];
    throw error;
  }
}

type Outcome = Pick<DecryptionProof, 'sampled' | 'decrypted' | 'flows' | 'others' | 'untried' | 'note'>;

function decrypt(vault: KeyVault, sample: SampledAssociation, flows: readonly TrafficRecord[], cluster: ClusterDescription): Outcome {
  const { ends, notes } = openersFor(vault, sample);
  const untried = notes.size > 0;
  const named = new Set<string>();
  const others = new Set<string>();
  let decrypted = 0;
  for (const packet of sample.packets) {
    const opened = [...ends].map(([node, openers]) => ({ node, plain: openPacket(openers, packet) }));
    for (const { node, plain } of opened)
      if (plain === null) notes.add(`sequence ${sequenceOf(packet)} does not verify with the key on ${node}`);
    const plain = opened[0]?.plain;
    if (plain === undefined || plain === null || opened.some((o) => o.plain === null)) continue;
    decrypted++;
    const inner = matchFlow(plain, flows, cluster);
    for (const id of inner.flows) named.add(id);
    if (inner.flows.length === 0 && others.size < NAMED_OTHERS) others.add(inner.name);
    for (const o of opened) o.plain?.payload.fill(0);
  }
  return {
    sampled: sample.packets.length,
    decrypted,
    flows: [...named],
    others: [...others],
    ...(untried ? { untried } : {}),
    note: [...notes].join('; '),
  };
}

function sequenceOf(packet: Uint8Array): number {
  return Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength).readUInt32BE(4);
}

function openPacket(openers: readonly Opener[], packet: Uint8Array): ReturnType<Opener> | null {
  for (const open of openers) {
    try {
      return open(packet);
    } catch (error) {
      if (!(error instanceof EspDecryptError)) throw error;
    }
  }
  return null;
}

/**
 * Openers by node: the sender and the receiver must both be able to decrypt what is on the wire. A node has one for each snapshot in which
 * its kernel had this SA, because a key may have changed in between.
 */
function openersFor(vault: KeyVault, sample: SampledAssociation): { ends: ReadonlyMap<string, readonly Opener[]>; notes: Set<string> } {
  const states = vault.associations.filter(({ sa }) => fits(sa, sample));
  const ends = new Map<string, Opener[]>();
  const notes = new Set<string>(states.length === 0 ? ['no SA of that name was read in a kernel'] : []);
  const highs = [...new Set(states.flatMap(({ sa }) => [sa.oseq ?? 0, sa.seq ?? 0].map((n) => Math.floor(n / 2 ** 32))))];
  for (const { node, sa } of states) {
    const opener = openerFor(vault, sa, highs);
    if (typeof opener === 'string') notes.add(opener);
    else ends.set(node, [...(ends.get(node) ?? []), opener]);
  }
  return { ends, notes };
}

function fits(sa: XfrmState, sample: SampledAssociation): boolean {
  return Number(sa.spi) === Number(sample.spi) && sa.dst === sample.dst && (sa.src === sample.src || ANY.has(sa.src));
}
