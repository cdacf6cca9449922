import { parse } from 'yaml';
import type { XfrmAlgorithm, XfrmState } from '../../decode/kernel/xfrm-items.ts';
import { decodeXfrmState } from '../../decode/kernel/xfrm-state.ts';
import type { Snapshot } from '../../model/recording.ts';
import type { Collector } from '../../stacks/collector.ts';

/** An SA of a node with its key material. It stays in memory and never leaves the recorder. */
export interface KeyedAssociation {
  readonly snapshot: Snapshot;
  readonly node: string;
  /** The SA as decoded; each algorithm's fingerprint is a handle into the vault and means nothing outside it. */
  readonly sa: XfrmState;
}

/** A line of the key file: `3+ rfc4106(gcm(aes)) <hex> 128` or `3 hmac(sha256) <hex> cbc(aes) <hex>`. */
export interface GlobalKey {
  readonly snapshot: Snapshot;
  readonly id: number;
  /** Whether the id has a `+`. */
  readonly perTunnel: boolean;
  /** Algorithm name to key. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/**
 * The keys that the recorder sees before it redacts an output. They are kept only to prove, while recording, that the
 * ciphertext on the wire was made with them and that they derive from the Secret; disposing zeroes them.
 */
export class KeyVault implements Disposable {
  readonly associations: KeyedAssociation[] = [];
  readonly globalKeys: GlobalKey[] = [];
  /** Boot id by address of the node, as the CiliumNode objects publish them. */
  readonly bootIds = new Map<string, string>();
  readonly #keys: Uint8Array[] = [];

  /** Look at an output before it is redacted. What holds no key is passed over, and so are the many readings of a window. */
  see(snapshot: Snapshot, collector: Collector, stdout: string): void {
    if (snapshot === 'sample') return;
    if (collector.collector === 'xfrm-state' && collector.node !== null) this.#seeStates(snapshot, collector.node, stdout);
    else if (collector.collector === 'key-secret') this.#seeSecret(snapshot, stdout);
    else if (collector.collector === 'cilium-nodes') this.#seeNodes(stdout);
  }

  /** The key behind an algorithm of an SA; undefined when the kernel printed none. */
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

  #seeSecret(snapshot: Snapshot, yaml: string): void {
    const encoded = member(member(parsed(yaml), 'data'), 'keys');
    if (typeof encoded !== 'string') return;
    const line = Buffer.from(encoded, 'base64').toString('latin1');
    const key = readKeyLine(snapshot, line);
    if (key !== null) this.globalKeys.push(key);
  }

  #seeNodes(yaml: string): void {
    const items = member(parsed(yaml), 'items');
    if (!Array.isArray(items)) return;
    for (const item of items) {
      const spec = member(item, 'spec');
      const [bootId, addresses] = [member(spec, 'bootid'), member(spec, 'addresses')];
      if (typeof bootId !== 'string' || !Array.isArray(addresses)) continue;
      for (const address of addresses) {
        const ip = member(address, 'ip');
        if (typeof ip === 'string') this.bootIds.set(ip, bootId);
      }
    }
  }
}

/** The first line of the key file; null when it is not one, which CFG-02 judges. */
export function readKeyLine(snapshot: Snapshot, text: string): GlobalKey | null {
  const [head = '', ...words] = (text.trim().split('\n')[0] ?? '').trim().split(/\s+/);
  const id = /^(\d{1,2})(\+?)$/.exec(head);
  if (id === null) return null;
  const keys = new Map<string, Uint8Array>();
  for (const [index, word] of words.entries()) {
    const hex = word.replace(/^0x/i, '');
    const name = words[index - 1];
    if (name === undefined || !/^[a-z][a-z0-9_-]*\(/.test(name) || !/^([0-9a-f]{2}){8,}$/i.test(hex)) continue;
    keys.set(name, Uint8Array.from(Buffer.from(hex, 'hex')));
  }
  return keys.size === 0 ? null : { snapshot, id: Number(id[1]), perTunnel: id[2] === '+', keys };
}

/** Null for a text that is no YAML: the judge sees the same text and says so. */
function parsed(yaml: string): unknown {
  try {
    return parse(yaml);
  } catch {
    return null;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
