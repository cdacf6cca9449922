import type { WireguardDevice } from '../../harness/decode/kernel/wireguard-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { coversNetwork, familyOf } from '../../harness/judge/state/networks.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { overlappingPairs } from '../../harness/judge/state/range-index.ts';
import { deviceOf, peerOf, publicKeys } from '../../harness/judge/state/wireguard-peers.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import type { AllowedIpsForm } from '../../harness/stacks/profile.ts';

const WHAT: Readonly<Record<AllowedIpsForm, string>> = {
  node: 'the address of its node',
  'node-and-pods': 'the addresses of its node and pods',
  pods: 'the addresses of its pods',
};

/**
 * WireGuard chooses the peer by allowed-ips: packets to an address that no peer has are dropped, and packets to an address that two peers
 * have go to one of them.
 */
export const wgd04: Check = {
  id: 'WGD-04',
  must: 'The allowed IPs of each peer cover the addresses of its node and, where the profile says so, of its pods; they contain no other address, and no address belongs to two peers',
  modes: ['wireguard'],
  evidence: 'wg show {wireguardDevice} allowed-ips on every node, before and after',
  restsOnProfile: true,
  needs: ['host-shell'],
  remedy: `See them on the named node: \`wg show {wireguardDevice} allowed-ips\`. {restartAgents} writes them from the {nodeObject}s again; first correct two nodes with the same address (\`{getNodes} -o wide\`).`,
  judge(x) {
    const { wireguard } = x;
    const form = wireguard.allowedIps[x.facts.manifest.intent.routing].value;
    const known = knownAddresses(x);
    for (const node of x.nodes('before', 'after')) {
      const device = deviceOf(x, node);
      if (device === undefined) continue;
      if (device === null) {
        x.gap(`${at(node)}: there is no device ${x.words.wireguardDevice}, so no allowed-ips`, { node: node.node });
        continue;
      }
      const keys = publicKeys(x, node.snapshot);
      for (const other of x.facts.manifest.cluster.nodes) {
        if (other.name === node.node) continue;
        const peer = peerOf(device, other, keys);
        if (peer === undefined) {
          x.gap(`${at(node)}: no peer for ${other.name}`, { node: node.node });
          continue;
        }
        for (const address of dueAddresses(x, known, other, form))
          x.expect(
            peer.allowedIps.some((range) => coversNetwork(range, address)),
            `${at(node)}: allowed-ips of ${other.name}'s peer do not contain ${address}`,
            { node: node.node },
          );
        const own = addressesOf(known, other);
        for (const range of peer.allowedIps)
          x.expect(
            own.some((address) => coversNetwork(address, range)),
            `${at(node)}: allowed-ips of ${other.name}'s peer contain ${range}, which is not an address of that node or its pods`,
            { node: node.node },
          );
      }
      noOverlap(x, node, device);
    }
    const what = WHAT[form];
    return x.conclude('addresses', `allowed-ips of each peer contain ${what}; no address belongs to two peers`);
  },
};

/** Addresses of each node, by its name. */
interface KnownAddresses {
  readonly pods: ReadonlyMap<string, readonly string[]>;
  readonly published: ReadonlyMap<string, readonly string[]>;
}

function knownAddresses(x: Examination): KnownAddresses {
  const byName = <T>(items: readonly T[], name: (item: T) => string, addresses: (item: T) => readonly string[]) =>
    new Map([...Map.groupBy(items, name)].map(([node, own]) => [node, own.flatMap(addresses)]));
  const objects = x.facts.state.api.flatMap(({ nodeObjects }) => (nodeObjects.ok ? nodeObjects.value : []));
  return {
    pods: byName(
      x.facts.manifest.cluster.pods,
      ({ node }) => node,
      ({ addresses }) => addresses,
    ),
    published: byName(
      objects,
      ({ name }) => name,
      ({ addresses }) => addresses.map(({ ip }) => ip),
    ),
  };
}

function dueAddresses(x: Examination, known: KnownAddresses, node: NodeDescription, form: AllowedIpsForm): readonly string[] {
  const { intent } = x.facts.manifest;
  // A node's first address of each family: agents add both where both families are on (pkg/wireguard/agent updatePeer).
  const own = intent.families.flatMap((family) => node.addresses.filter((a) => familyOf(a) === family).slice(0, 1));
  if (form === 'node') return own;
  const pods = known.pods.get(node.name) ?? [];
  return [
    ...(form === 'pods' && !intent.nodeEncryption ? [] : own),
    ...pods.filter((a) => intent.families.includes(familyOf(a) ?? 'ipv4') && !node.addresses.includes(a)),
  ];
}

/** All source addresses that a node may use: its own, that of its router and those of its pods. */
function addressesOf({ pods, published }: KnownAddresses, node: NodeDescription): readonly string[] {
  const { name, addresses, internalAddresses, podCidrs } = node;
  return [...addresses, ...internalAddresses, ...podCidrs, ...(pods.get(name) ?? []), ...(published.get(name) ?? [])];
}

function noOverlap(x: Examination, node: NodeState, device: WireguardDevice): void {
  const ranges = device.peers.flatMap((peer) => peer.allowedIps.map((range) => ({ range, key: peer.publicKey })));
  for (const [one, other] of overlappingPairs(ranges.map(({ range }) => range))) {
    const [a, b] = [ranges[one]!, ranges[other]!];
    if (a.key !== b.key) x.fault(`${at(node)}: ${a.range} and ${b.range} overlap between peers ${a.key} and ${b.key}`, { node: node.node });
  }
}
