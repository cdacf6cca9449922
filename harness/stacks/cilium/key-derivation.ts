import { parse } from 'yaml';
import type { Snapshot } from '../../model/recording.ts';
import type { GlobalKey, KeyDerivation } from '../key-derivation.ts';
import { tunnelKey } from './decode/tunnel-key.ts';
import { READINGS } from './readings.ts';

/** The key of each tunnel is a hash of the key in the Secret, the addresses and the boot ids of the CiliumNodes. */
export const keyDerivation: KeyDerivation = {
  secret: READINGS.keySecret.collector,
  nodes: READINGS.nodeObjects.collector,
  globalKey(snapshot, yaml) {
    const encoded = member(member(parsed(yaml), 'data'), 'keys');
    return typeof encoded === 'string' ? readKeyLine(snapshot, Buffer.from(encoded, 'base64').toString('latin1')) : null;
  },
  bootIds(yaml) {
    const items = member(parsed(yaml), 'items');
    return Array.isArray(items) ? items.flatMap(bootIdsOf) : [];
  },
  tunnelKey,
};

function bootIdsOf(item: unknown): (readonly [string, string])[] {
  const spec = member(item, 'spec');
  const [bootId, addresses] = [member(spec, 'bootid'), member(spec, 'addresses')];
  if (typeof bootId !== 'string' || !Array.isArray(addresses)) return [];
  return addresses.flatMap((address) => {
    const ip = member(address, 'ip');
    return typeof ip === 'string' ? [[ip, bootId] as const] : [];
  });
}

/**
 * The first line of the key file: `3+ rfc4106(gcm(aes)) <hex> 128` or `3 hmac(sha256) <hex> cbc(aes) <hex>`; null when it is not a key
 * line, which CFG-02 judges.
 */
function readKeyLine(snapshot: Snapshot, text: string): GlobalKey | null {
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

/** Null for a text that is not YAML: the judge reads the same text and reports it. */
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
