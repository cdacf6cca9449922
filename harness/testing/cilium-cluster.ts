import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { ClusterDescription, NodeDescription, PodDescription } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';

interface NodeObject {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly addresses: readonly { readonly ip: string; readonly type: string }[];
    readonly bootid?: string;
    readonly ipam: { readonly podCIDRs: readonly string[] };
  };
}

/** The claim of the people who made the recording, from the name of its folder: `v1.18.3-wireguard-nodeenc-vxlan`. */
export function intentOf(folder: string): Intent {
  const name = basename(folder);
  const version = /^v(\d+\.\d+)/.exec(name)?.[1];
  if (version === undefined) throw new Error(`${name}: no Cilium version in the folder's name`);
  return {
    stack: 'cilium',
    mode: name.includes('wireguard') ? 'wireguard' : 'ipsec',
    routing: name.endsWith('native') ? 'native' : 'vxlan',
    profile: version,
    nodeEncryption: name.includes('nodeenc'),
    strictMode: false,
    perTunnelKeys: !name.includes('wireguard') && readFileSync(join(folder, 'key-file.txt'), 'utf8').startsWith('3+'),
    families: ['ipv4'],
  };
}

/** The cluster as described by the API objects of the folder. */
export function clusterOf(folder: string): ClusterDescription {
  const objects = parse(readFileSync(join(folder, 'ciliumnodes.yaml'), 'utf8')) as { items: readonly NodeObject[] };
  const version = /v[\w.]+/.exec(basename(folder))?.[0] ?? '';
  return {
    name: basename(folder),
    provider: 'fixture',
    environmentClass: 'ephemeral-test',
    nodes: objects.items.map(nodeOf),
    pods: podsOf(readFileSync(join(folder, 'pods.txt'), 'utf8')),
    services: [],
    versions: { cilium: version, kernel: '6.1.0' },
    capabilities: {},
  };
}

function nodeOf({ metadata, spec }: NodeObject): NodeDescription {
  const of = (type: string): string[] => spec.addresses.filter((a) => a.type === type).map((a) => a.ip);
  return {
    name: metadata.name,
    addresses: of('InternalIP'),
    podCidrs: spec.ipam.podCIDRs,
    internalAddresses: of('CiliumInternalIP'),
    uplink: 'eth0',
    ...(spec.bootid === undefined ? {} : { bootId: spec.bootid }),
  };
}

function podsOf(table: string): PodDescription[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .flatMap(([namespace, name, , , , , address, node]) =>
      namespace === undefined || name === undefined || node === undefined || address === undefined || address === '<none>'
        ? []
        : [{ name, namespace, node, addresses: [address], labels: { app: name } }],
    );
}
