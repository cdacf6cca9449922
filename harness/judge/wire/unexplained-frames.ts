import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { DissectOptions } from '../../decode/wire/options.ts';
import type { Intent } from '../../model/intent.ts';
import type { FrameClass } from '../../model/ledger.ts';
import { type AddressOwners, normalAddress } from './address-owners.ts';
import type { ClaimedCipher } from './claimed-cipher.ts';

const READABLE: ReadonlySet<FrameClass> = new Set(['clear', 'tls', 'control']);
const TUNNEL = /\/(?:vxlan|geneve|vxlan-gpe)\//;

/**
 * Whether a frame between two nodes was read to its end, but nothing on record explains it: link control inside a tunnel of pods, unknown
 * addresses inside any tunnel, other traffic on a tunnel's port, an unknown IP protocol. `allow` of the intent may explain it. Where DSR in Geneve
 * is claimed, a request to a pod has the address of its client there, which is of no one in the cluster; where an egress gateway is, so has what
 * pods and the client outside send each other.
 */
export function unexplainedFrameTest(
  owners: AddressOwners,
  claimed: ClaimedCipher,
  { loadBalancer, egressGateway }: Pick<Intent, 'loadBalancer' | 'egressGateway'>,
  outside: readonly string[],
  { vxlanPorts = [], genevePorts = [] }: Pick<DissectOptions, 'vxlanPorts' | 'genevePorts'>,
): (frame: DissectedFrame) => boolean {
  const clients = new Set(egressGateway === undefined ? [] : outside.map(normalAddress));
  const ports = new Set([...vxlanPorts, ...genevePorts]);
  return ({ class: name, layers, src, dst, outerSrc, outerDst, protocol, dport }) => {
    if (claimed.kind === null || !READABLE.has(name) || !claimed.betweenNodes(outerSrc, outerDst)) return false;
    const wrapped = src !== outerSrc || dst !== outerDst;
    const kinds = [src, dst].map((end) => (end === null ? 'other' : owners.ownerOf(end).kind));
    const strange = kinds.includes('other');
    const byDsr = loadBalancer === 'dsr-geneve' && layers.includes('/geneve/') && kinds[0] === 'other' && kinds[1] === 'pod';
    const isClient = (end: string | null): boolean => end !== null && clients.size > 0 && clients.has(normalAddress(end));
    const byGateway = kinds.includes('pod') && (isClient(src) || isClient(dst));
    if (TUNNEL.test(layers)) return name === 'control' || (strange && !byDsr && !byGateway);
    if (wrapped && strange) return true;
    if (protocol === 'udp' && dport !== null && ports.has(dport)) return true;
    return protocol !== null && /^\d+$/.test(protocol);
  };
}
