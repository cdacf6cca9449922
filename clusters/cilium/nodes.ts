import type { KubeObject } from '../../harness/kube/object.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import { HEALTH_PORT } from '../../harness/stacks/cilium/names.ts';

interface NodeBody {
  readonly spec?: { readonly podCIDR?: string; readonly podCIDRs?: readonly string[] };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly nodeInfo?: { readonly bootID?: string };
  };
}

interface CiliumNodeBody {
  readonly spec?: {
    readonly addresses?: readonly { readonly type?: string; readonly ip?: string }[];
    readonly ipam?: { readonly podCIDRs?: readonly string[] };
    readonly bootid?: string;
    readonly health?: { readonly ipv4?: string; readonly ipv6?: string };
  };
}

/** A node as described by the API server and, if there is one, by Cilium's object. @param uplink the interface of its default route */
export function describeNode(node: KubeObject, ciliumNode: KubeObject | undefined, uplink: string): NodeDescription {
  const { spec, status } = node as unknown as NodeBody;
  const cilium = (ciliumNode as unknown as CiliumNodeBody | undefined)?.spec;
  const addresses = (status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address);
  const podCidrs = cilium?.ipam?.podCIDRs ?? spec?.podCIDRs ?? (spec?.podCIDR === undefined ? [] : [spec.podCIDR]);
  const internal = (cilium?.addresses ?? []).flatMap(({ type, ip }) => (type === 'CiliumInternalIP' && ip !== undefined ? [ip] : []));
  const health = [cilium?.health?.ipv4, cilium?.health?.ipv6].filter((address) => address !== undefined);
  const bootId = cilium?.bootid ?? status?.nodeInfo?.bootID;
  return {
    name: node.metadata.name,
    addresses: addresses.sort((a, b) => Number(a.includes(':')) - Number(b.includes(':'))),
    podCidrs,
    internalAddresses: internal,
    uplink,
    ...(health.length === 0 ? {} : { health: { addresses: health, port: HEALTH_PORT } }),
    ...(bootId === undefined ? {} : { bootId }),
  };
}

/** The interface of the default route in `ip route`, IPv4 before IPv6; undefined when there is none. */
export function uplinkIn(routes: string): string | undefined {
  return /^default .*?\bdev (\S+)/m.exec(routes)?.[1];
}
