import type { Intent } from '../../../harness/model/intent.ts';
import type { ClaimRefusal } from '../../../harness/model/provider.ts';
import type { KernelAbility } from './probe-kernel.ts';

/** The first claim that the reference datapath cannot configure on kind with any kernel; null if there is none. */
export function referenceRefusal({ mode, families }: Intent): ClaimRefusal | null {
  if (mode === 'ipsec')
    return {
      claim: 'mode',
      why: "the reference datapath marks packets of Cilium's lxc devices, and kind's pods have veth ones: IPsec is for --datapath cilium or the lab",
    };
  if (families.length !== 1 || families[0] !== 'ipv4')
    return { claim: 'families', why: `the reference datapath on kind has ipv4 only, not ${families.join(' and ')}; say --datapath cilium` };
  return null;
}

/** Why this machine's kernel does not support an intent; null if it does. */
export function kernelRefusal({ mode, routing }: Intent, kernel: KernelAbility): string | null {
  if (mode === 'wireguard' && kernel.wireguard === 'none')
    return 'this kernel has neither WireGuard nor TUN: modprobe wireguard, or modprobe tun';
  if (routing !== 'native' && !kernel.tunnel)
    return `this kernel cannot put packets into ${routing} by tc (act_tunnel_key, cls_flower): say --routing native, or modprobe act_tunnel_key cls_flower`;
  return null;
}
