import ipaddr from 'ipaddr.js';
import type { KubeObject } from '../../../harness/kube/object.ts';
import type { NodeDescription } from '../../../harness/model/cluster.ts';
import { KindError } from './kind-error.ts';

interface NodeBody {
  readonly spec?: { readonly podCIDR?: string; readonly podCIDRs?: readonly string[] };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly nodeInfo?: { readonly bootID?: string; readonly kernelVersion?: string };
  };
}

/** kind's nodes have one interface. */
export const UPLINK = 'eth0';

/** A Node object in the words every provider uses. cilium_host gets the first address of the pod CIDR. @throws KindError */
export function describeNode(node: KubeObject): NodeDescription {
  const { spec, status } = node as unknown as NodeBody;
  const { name } = node.metadata;
  const addresses = (status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address);
  const podCidrs = spec?.podCIDRs ?? (spec?.podCIDR === undefined ? [] : [spec.podCIDR]);
  if (addresses.length === 0) throw new KindError(`node ${name} has no InternalIP`);
  if (podCidrs.length === 0) throw new KindError(`node ${name} has no pod CIDR: the controller manager allocates none`);
  const bootId = status?.nodeInfo?.bootID;
  return {
    name,
    addresses,
    podCidrs,
    ciliumInternal: podCidrs.map(firstAddress),
    uplink: UPLINK,
    ...(bootId === undefined ? {} : { bootId }),
  };
}

/** `10.244.1.1` of `10.244.1.0/24`. */
function firstAddress(cidr: string): string {
  const [network] = ipaddr.parseCIDR(cidr);
  const bytes = network.toByteArray();
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) + 1;
  return ipaddr.fromByteArray(bytes).toString();
}
