import type { XfrmAlgorithm, XfrmState } from '../../decode/kernel/xfrm-items.ts';
import { decodeXfrmState } from '../../decode/kernel/xfrm-state.ts';
import type { Snapshot } from '../../model/recording.ts';
import type { Collector } from '../../stacks/collector.ts';
import type { GlobalKey, KeyDerivation, TunnelKeyInputs } from '../../stacks/key-derivation.ts';

/** An SA of a node with its key material. It stays in memory and never leaves the recorder. */
export interface KeyedAssociation {
  readonly snapshot: Snapshot;
  readonly node: string;
  /** The SA as decoded; each algorithm's fingerprint is a key of the vault and has no meaning outside it. */
  readonly sa: XfrmState;
}

/**
 * The keys that the recorder reads before it redacts an output. They are kept only to prove, while recording, that the ciphertext on the
 * wire was made with them and that they derive from the Secret; disposing overwrites them with zeros.
 */
export class KeyVault implements Disposable {
  readonly associations: KeyedAssociation[] = [];
  readonly globalKeys: GlobalKey[] = [];
  /** Boot id by address of the node, as the nodes publish them. */
  readonly bootIds = new Map<string, string>();
  readonly #keys: Uint8Array[] = [];
  readonly #derivation: KeyDerivation | null;

  constructor(derivation: KeyDerivation | null) {
    this.#derivation = derivation;
  }

  /** Take the keys from an output before it is redacted. Outputs without keys and the samples of a window are ignored. */
  see(snapshot: Snapshot, collector: Collector, stdout: string): void {
    if (snapshot === 'sample') return;
    if (collector.collector === 'xfrm-state' && collector.node !== null) this.#seeStates(snapshot, collector.node, stdout);
    else if (collector.collector === this.#derivation?.secret) {
      const key = this.#derivation.globalKey(snapshot, stdout);
      if (key !== null) this.globalKeys.push(key);
    } else if (collector.collector === this.#derivation?.nodes)
      for (const [address, bootId] of this.#derivation.bootIds(stdout)) this.bootIds.set(address, bootId);
  }

  /** The key of one direction of one tunnel. @throws RangeError for inputs from which no key can be derived */
  tunnelKey(globalKey: Uint8Array, inputs: TunnelKeyInputs): Uint8Array {
    if (this.#derivation === null) throw new RangeError('this stack derives no keys');
    return this.#derivation.tunnelKey(globalKey, inputs);
  }

  /** The key of an algorithm of an SA; undefined when the kernel printed none. */
  keyOf(algorithm: XfrmAlgorithm | undefined): Uint8Array | undefined {
    return algorithm?.fingerprint === undefined ? undefined : this.#keys[Number(algorithm.fingerprint)];
  }

  [Symbol.dispose](): void {
    for (const key of this.#keys) key.fill(0);
    for (const { keys } of this.globalKeys) for (const key of keys.values()) key.fill(0);
    this.#keys.length = 0;
    this.associations.length = 0;
    this.globalKeys.length = 0;
    this.bootIds.clear();
  }

  #seeStates(snapshot: Snapshot, node: string, text: string): void {
    const { items } = decodeXfrmState(text, { fingerprint: (key) => String(this.#keys.push(Uint8Array.from(key)) - 1) });
    for (const sa of items) if (sa.proto === 'esp' && !sa.incomplete) this.associations.push({ snapshot, node, sa });
  }
}
