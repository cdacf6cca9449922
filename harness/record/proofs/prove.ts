import type { ClusterDescription } from '../../model/cluster.ts';
import type { RecordingWriter } from '../recording-writer.ts';
import type { KeyVault } from './key-vault.ts';
import { proveDecryption } from './prove-decryption.ts';
import { proveDerivation } from './prove-derivation.ts';

/**
 * Write what the keys in memory prove about the judged phase: each SA's derivation and the decryption of samples. Called when the snapshot
 * after it has been read and its captures have been fetched.
 */
export async function proveInMemory(writer: RecordingWriter, vault: KeyVault, cluster: ClusterDescription): Promise<void> {
  if (vault.associations.length === 0) {
    writer.event('proofs', { associations: 0, note: 'no SA with a key was read' });
    return;
  }
  const derivation = proveDerivation(vault);
  writer.proveDerivation(derivation);
  const decryption = await proveDecryption(vault, { folder: writer.folder, captures: writer.captures, traffic: writer.driven, cluster });
  writer.proveDecryption(decryption);
  writer.event('proofs', { associations: derivation.length, sampled: decryption.reduce((n, p) => n + p.sampled, 0) });
}

/** Write what the keys in memory prove about the end of a window: after a rotation the keys of SAs must derive from the new Secret. */
export function proveEnd(writer: RecordingWriter, vault: KeyVault): void {
  const derivation = proveDerivation(vault, 'end');
  writer.proveDerivation(derivation);
  writer.event('proofs', { associations: derivation.length, sampled: 0 });
}
