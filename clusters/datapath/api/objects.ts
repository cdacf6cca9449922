import type { NodeDescription } from '../../../harness/model/cluster.ts';
import type { Family } from '../../../harness/model/mode.ts';
import { type DatapathContext, lookUp } from '../context.ts';
import { keyFile } from '../keys/ipsec-key.ts';

/** The CiliumNode list of `kubectl get ciliumnodes`. */
export function ciliumNodes(context: DatapathContext): object {
  // Nodes may have addresses of any family; Cilium publishes only those of the families that it uses.
  const inUse = (address: string) => context.options.intent.families.includes(address.includes(':') ? 'ipv6' : 'ipv4');
  return {
    apiVersion: 'v1',
    items: context.nodes.map((node) => {
      const published = context.publishedKeys.get(node.name);
      return {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNode',
        metadata: {
          ...(published === undefined ? {} : { annotations: { 'network.cilium.io/wg-pub-key': published } }),
          labels: { 'kubernetes.io/hostname': node.name, 'kubernetes.io/os': 'linux' },
          name: node.name,
        },
        spec: {
          addresses: [
            ...node.addresses.map((ip) => ({ ip, type: 'InternalIP' })),
            ...node.internalAddresses.filter(inUse).map((ip) => ({ ip, type: 'CiliumInternalIP' })),
          ],
          bootid: lookUp(context.bootIds, node.name, 'boot id'),
          encryption: nodeEncryption(context, node.name),
          health: healthOf(node),
          ingress: {},
          ipam: { podCIDRs: node.podCidrs.filter(inUse), pools: {} },
        },
        status: {},
      };
    }),
    kind: 'List',
    metadata: { resourceVersion: '' },
  };
}

function healthOf({ health }: NodeDescription): { readonly ipv4?: string; readonly ipv6?: string } {
  const of = (six: boolean) => health?.addresses.find((address) => address.includes(':') === six);
  const [ipv4, ipv6] = [of(false), of(true)];
  return { ...(ipv4 === undefined ? {} : { ipv4 }), ...(ipv6 === undefined ? {} : { ipv6 }) };
}

/** `key` is the SPI for IPsec and 255 for WireGuard (not in 1.14); off has none. */
function nodeEncryption(context: DatapathContext, node: string): object {
  if (context.laid === 'ipsec') return { key: context.publishedIds.get(node) ?? context.ipsecKey.id };
  return context.laid === 'wireguard' && context.profile.wireguardNodeKey ? { key: 255 } : {};
}

/** The ConfigMap `cilium-config`: the options about encryption, routing and families, of the last configuration. */
export function ciliumConfig(context: DatapathContext): object {
  const { intent } = context.options;
  const native = intent.routing === 'native';
  const has = (family: Family) => intent.families.includes(family);
  const data: Record<string, string> = {
    'auto-direct-node-routes': String(native),
    'enable-ipv4': String(has('ipv4')),
    'enable-ipv4-masquerade': String(!native && has('ipv4')),
    'enable-ipv6': String(has('ipv6')),
    ...(has('ipv6') ? { 'enable-ipv6-masquerade': String(!native) } : {}),
    ipam: 'cluster-pool',
    'kube-proxy-replacement': 'false',
    'routing-mode': native ? 'native' : 'tunnel',
    ...(native ? {} : { 'tunnel-protocol': intent.routing }),
  };
  if (context.laid === 'ipsec') {
    data['enable-ipsec'] = 'true';
    data['ipsec-key-file'] = '/etc/cilium/ipsec/keys';
    data['ipsec-key-rotation-duration'] = '5m';
  }
  if (context.laid === 'wireguard') {
    data['enable-wireguard'] = 'true';
    if (intent.nodeEncryption) data['encrypt-node'] = 'true';
  }
  if (context.laid !== 'none' && intent.strictMode) {
    const egress = context.profile.strictMode.names === 'egress';
    data[egress ? 'enable-encryption-strict-mode-egress' : 'enable-encryption-strict-mode'] = 'true';
    data[egress ? 'encryption-strict-egress-cidr' : 'encryption-strict-mode-cidr'] = '10.0.0.0/8';
    if (!native) data[`encryption-strict-${egress ? 'egress' : 'mode'}-allow-remote-node-identities`] = 'true';
  }
  if (context.laid === 'wireguard' && intent.strictIngress === true) data['enable-encryption-strict-mode-ingress'] = 'true';
  const sorted = Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { apiVersion: 'v1', data: sorted, kind: 'ConfigMap', metadata: { name: 'cilium-config', namespace: 'kube-system' } };
}

/** The Secret with the real key, base64; undefined when IPsec is off. A recorder must remove the key in memory. */
export function keySecretYaml(context: DatapathContext): object | undefined {
  if (context.laid !== 'ipsec') return undefined;
  return {
    apiVersion: 'v1',
    data: { keys: Buffer.from(keyFile(context.ipsecKey)).toString('base64') },
    kind: 'Secret',
    metadata: {
      creationTimestamp: context.secretCreated.toISOString().replace(/\.\d+Z$/, 'Z'),
      name: 'cilium-ipsec-keys',
      namespace: 'kube-system',
    },
    type: 'Opaque',
  };
}

/** `kubectl get pods -A -o wide`. */
export function podTable(context: DatapathContext): string {
  const rows = [
    ['NAMESPACE', 'NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'],
    ...context.pods.map((pod) => [
      pod.namespace,
      pod.name,
      '1/1',
      'Running',
      '0',
      '1m',
      pod.addresses[0] ?? '<none>',
      pod.node,
      '<none>',
      '<none>',
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)) + 3) ?? [];
  return `${rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('')
        .trimEnd(),
    )
    .join('\n')}\n`;
}
