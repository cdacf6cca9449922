import ipaddr from 'ipaddr.js';
import type { KubeObject } from '../../../harness/kube/object.ts';
import type { NodeDescription } from '../../../harness/model/cluster.ts';
import { describeNode } from '../../cilium/nodes.ts';
import { KindError } from './kind-error.ts';

/** kind's nodes have one interface. */
export const UPLINK = 'eth0';

/** A node for the reference datapath, which gives cilium_host the first address of the pod CIDR. @throws KindError */
export function describeKindNode(node: KubeObject): NodeDescription {
  const described = describeNode(node, undefined, UPLINK);
  const { name, addresses, podCidrs } = described;
  if (addresses.length === 0) throw new KindError(`node ${name} has no InternalIP`);
  if (podCidrs.length === 0) throw new KindError(`node ${name} has no pod CIDR: the controller manager allocates none`);
  return { ...described, internalAddresses: podCidrs.map(firstAddress) };
}

/** `10.244.1.1` of `10.244.1.0/24`. */
function firstAddress(cidr: string): string {
  const [network] = ipaddr.parseCIDR(cidr);
  const bytes = network.toByteArray();
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) + 1;
  return ipaddr.fromByteArray(bytes).toString();
}
