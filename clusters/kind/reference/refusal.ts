import type { Intent } from '../../../harness/model/intent.ts';
import type { KernelAbility } from './probe-kernel.ts';

/** Why the reference datapath cannot be laid out on kind for an intent, whatever the kernel; null when it can. */
export function referenceRefusal({ mode, families }: Intent): string | null {
  if (mode === 'ipsec')
    return "the reference datapath marks packets of Cilium's lxc devices, and kind's pods have veth ones: IPsec is for --datapath cilium or the lab";
  if (families.length !== 1 || families[0] !== 'ipv4') return `kind clusters are made with ipv4 only, not ${families.join(' and ')}`;
  return null;
}

/** Why this machine's kernel cannot carry an intent; null when it can. */
export function kernelRefusal({ mode, routing }: Intent, kernel: KernelAbility): string | null {
  if (mode === 'wireguard' && kernel.wireguard === 'none')
    return 'this kernel has neither WireGuard nor TUN: modprobe wireguard, or modprobe tun';
  if (routing !== 'native' && !kernel.tunnel)
    return `this kernel cannot put packets into ${routing} by tc (act_tunnel_key, cls_flower): say --routing native, or modprobe act_tunnel_key cls_flower`;
  return null;
}
