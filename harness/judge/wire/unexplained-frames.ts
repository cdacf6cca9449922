import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { DissectOptions } from '../../decode/wire/options.ts';
import type { FrameClass } from '../../model/ledger.ts';
import type { AddressOwners } from './address-owners.ts';
import type { ClaimedCipher } from './claimed-cipher.ts';

const READABLE: ReadonlySet<FrameClass> = new Set(['clear', 'tls', 'control']);
const TUNNEL = /\/(?:vxlan|geneve|vxlan-gpe)\//;

/**
 * Whether a frame between two nodes was read to its end, but nothing on record explains it: link control inside a tunnel of pods, unknown
 * addresses inside any tunnel, other traffic on a tunnel's port, an unknown IP protocol. `allow` of the intent may explain it.
 */
export function unexplainedFrameTest(
  owners: AddressOwners,
  claimed: ClaimedCipher,
  { vxlanPorts = [], genevePorts = [] }: Pick<DissectOptions, 'vxlanPorts' | 'genevePorts'>,
): (frame: DissectedFrame) => boolean {
  const ports = new Set([...vxlanPorts, ...genevePorts]);
  return ({ class: name, layers, src, dst, outerSrc, outerDst, protocol, dport }) => {
    if (claimed.kind === null || !READABLE.has(name) || !claimed.betweenNodes(outerSrc, outerDst)) return false;
    const wrapped = src !== outerSrc || dst !== outerDst;
    const strange = [src, dst].some((end) => end === null || owners.ownerOf(end).kind === 'other');
    if (TUNNEL.test(layers)) return name === 'control' || strange;
    if (wrapped && strange) return true;
    if (protocol === 'udp' && dport !== null && ports.has(dport)) return true;
    return protocol !== null && /^\d+$/.test(protocol);
  };
}
