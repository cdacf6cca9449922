import type { Decoded } from '../../../decode/decoded.ts';
import { isObject, type JsonObject, number, objects, strings, text as textOf, unparsedValue } from '../../../decode/kernel/json.ts';
import type { Draft } from '../../../decode/kernel/lines.ts';
import type { NodeObject } from '../../agent-items.ts';
import { kubeObjects } from './documents.ts';

const PUBLIC_KEY = 'network.cilium.io/wg-pub-key';

function object(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

/** `ipam.pools.allocated[].cidrs` (pkg/ipam/types IPAMPoolAllocation). */
function poolCidrs(ipam: JsonObject): string[] {
  return objects(object(ipam, 'pools').allocated).flatMap(({ cidrs }) => strings(cidrs));
}

function decodeNode(node: JsonObject): NodeObject | undefined {
  const [metadata, spec] = [object(node, 'metadata'), object(node, 'spec')];
  const name = textOf(metadata, 'name');
  if (name === undefined) return undefined;
  const item: Draft<NodeObject> = {
    name,
    addresses: objects(spec.addresses).map((address) => ({ type: textOf(address, 'type') ?? '', ip: textOf(address, 'ip') ?? '' })),
    // With multi-pool IPAM each pool has its CIDRs; those of the default pool are in both places.
    podCidrs: [...new Set([...strings(object(spec, 'ipam').podCIDRs), ...poolCidrs(object(spec, 'ipam'))])],
  };
  const key = number(object(spec, 'encryption'), 'key');
  // Go omits a key of zero; if the object exists, an absent key is zero.
  if (key !== undefined) item.encryptionKey = key;
  else if (isObject(spec.encryption)) item.encryptionKey = 0;
  const [bootId, publicKey] = [textOf(spec, 'bootid'), textOf(object(metadata, 'annotations'), PUBLIC_KEY)];
  if (bootId !== undefined) item.bootId = bootId;
  if (publicKey !== undefined) item.wireguardPublicKey = publicKey;
  const health = object(spec, 'health');
  const addresses = [textOf(health, 'ipv4'), textOf(health, 'ipv6')].filter((address) => address !== undefined);
  if (addresses.length > 0) item.health = addresses;
  return item;
}

/**
 * Reads CiliumNode objects: one or a List, YAML or JSON. Objects of another kind stay unparsed. The bare annotations
 * (`jq .metadata.annotations`) give an item without a name.
 */
export function decodeCiliumNodes(text: string): Decoded<NodeObject> {
  const { found, unparsed } = kubeObjects(text);
  const items: NodeObject[] = [];
  for (const entry of found) {
    const kind = textOf(entry, 'kind');
    const bare = textOf(entry, PUBLIC_KEY);
    const node = kind === undefined || kind === 'CiliumNode' ? decodeNode(entry) : undefined;
    if (node !== undefined) items.push(node);
    else if (bare !== undefined) items.push({ name: '', addresses: [], podCidrs: [], wireguardPublicKey: bare });
    else unparsed.push(unparsedValue(entry));
  }
  return { items, unparsed };
}
