import ipaddr from 'ipaddr.js';
import type { XfrmState } from '../../decode/kernel/xfrm-items.ts';
import type { DerivationProof, Snapshot } from '../../model/recording.ts';
import type { GlobalKey } from '../../stacks/key-derivation.ts';
import type { KeyedAssociation, KeyVault } from './key-vault.ts';

/**
 * Compare each SA's key with the two possible ones: the key of the Secret, and the key derived for the tunnel. The judge decides which one
 * it must be; only the result leaves the vault.
 *
 * @param snapshot only SAs of that snapshot; default all
 */
export function proveDerivation(vault: KeyVault, snapshot?: Snapshot): DerivationProof[] {
  const associations = vault.associations.filter((a) => snapshot === undefined || a.snapshot === snapshot);
  return associations.map((association) => {
    const { node, sa } = association;
    return { snapshot: association.snapshot, node, src: sa.src, dst: sa.dst, spi: sa.spi, ...compare(vault, association) };
  });
}

type Outcome = Pick<DerivationProof, 'derivation' | 'matches' | 'note'>;

function compare(vault: KeyVault, { snapshot, sa }: KeyedAssociation): Outcome {
  const unknown = (note: string): Outcome => ({ derivation: 'unknown', matches: false, note });
  const candidates = vault.globalKeys.filter((key) => key.id === Number(sa.spi));
  if (candidates.length === 0) return unknown(`no Secret with key id ${Number(sa.spi)} was read`);
  // A Secret may change while its id stays the same; the one read with this snapshot is the one in use.
  const global = candidates.find((key) => key.snapshot === snapshot) ?? candidates.at(-1)!;
  const parts = [sa.aead, sa.auth, sa.enc].filter((a) => a !== undefined);
  if (parts.length === 0) return unknown('the SA has no algorithm');
  const mismatch = (note: string): Outcome => ({ derivation: global.perTunnel ? 'per-tunnel' : 'shared', matches: false, note });
  const found = new Set<DerivationProof['derivation']>();
  for (const algorithm of parts) {
    const own = vault.keyOf(algorithm);
    if (own === undefined) return unknown(`the kernel printed no key of ${algorithm.name}`);
    const base = global.keys.get(algorithm.name);
    if (base === undefined) return mismatch(`the Secret holds no key of ${algorithm.name}`);
    if (sameBytes(own, base)) {
      found.add('shared');
      continue;
    }
    const expected = derived(vault, base, sa);
    if (typeof expected === 'string') return unknown(expected);
    if (!sameBytes(own, expected)) return mismatch(`the key of ${algorithm.name} is neither the Secret's own nor derived from it`);
    found.add('per-tunnel');
  }
  const [derivation, second] = found;
  if (derivation === undefined || second !== undefined) return mismatch('one algorithm has the shared key, another a derived one');
  return { derivation, matches: true, note: '' };
}

/** The derived key, or why there is none. */
function derived(vault: KeyVault, base: GlobalKeyBytes, sa: XfrmState): Uint8Array | string {
  const [srcBootId, dstBootId] = [bootIdOf(vault, sa.src), bootIdOf(vault, sa.dst)];
  if (srcBootId === undefined || dstBootId === undefined) return `no boot id is known for ${srcBootId === undefined ? sa.src : sa.dst}`;
  try {
    return vault.tunnelKey(base, { src: sa.src, dst: sa.dst, srcBootId, dstBootId });
  } catch (error) {
    return (error as RangeError).message;
  }
}

type GlobalKeyBytes = GlobalKey['keys'] extends ReadonlyMap<string, infer Bytes> ? Bytes : never;

function bootIdOf(vault: KeyVault, address: string): string | undefined {
  const direct = vault.bootIds.get(address);
  if (direct !== undefined || !ipaddr.isValid(address)) return direct;
  const wanted = ipaddr.process(address).toString();
  for (const [known, bootId] of vault.bootIds) if (ipaddr.isValid(known) && ipaddr.process(known).toString() === wanted) return bootId;
  return undefined;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(b);
}
