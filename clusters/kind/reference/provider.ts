import type { Intent } from '../../../harness/model/intent.ts';
import type { ClaimRefusal, ClusterProvider } from '../../../harness/model/provider.ts';
import { datapathCluster } from '../../datapath/cluster.ts';
import { layoutRefusal } from '../../datapath/layout-refusal.ts';
import { WITNESS_IMAGE } from '../../demo/names.ts';
import { KindError } from '../cluster/kind-error.ts';
import { detectKind } from '../detect.ts';
import { type Kind, startKind } from '../kind.ts';
import type { KindOptions } from '../options.ts';
import { ensureWitnessImage } from '../witness/image.ts';
import { type KernelAbility, probeKernel } from './probe-kernel.ts';

/** The reference datapath between kind's nodes: real kubelets, pods, exec and packets; Cilium's control plane is simulated. One cluster for all claims. */
export function referenceProvider(options: KindOptions): ClusterProvider {
  const { nodes, scenario, keep, image, witnessImage = WITNESS_IMAGE, progress } = options;
  let kind: Kind | undefined;
  return {
    name: 'kind',
    refuse: (intent) => referenceRefusal(intent) ?? layoutRefusal(intent),
    detect: detectKind,
    open: async (intent, signal) => {
      await ensureWitnessImage(witnessImage, progress, signal);
      const ability = await probeKernel(witnessImage);
      const refusal = kernelRefusal(intent, ability);
      if (refusal !== null) throw new KindError(`${intent.mode}: ${refusal}`);
      const { esp, wireguard, tunnel } = ability;
      progress(`this kernel: ESP ${esp ? 'yes' : 'no'}, WireGuard ${wireguard}, tunnels by tc ${tunnel ? 'yes' : 'no'}`);
      const named = image === undefined ? {} : { image };
      kind ??= await startKind({ nodes, environmentClass: 'lab', witnessImage, keep, signal, progress, families: ['ipv4'], ...named });
      const { description, host, pod, pods, wire, outside, traffic } = kind;
      const bed = { description, host, pod, pods, wire, outside, workloads: { shell: traffic } };
      return datapathCluster(bed, intent, { progress, scenario });
    },
    [Symbol.asyncDispose]: async () => {
      if (kind === undefined) return;
      progress(keep ? `the cluster stays up: KUBECONFIG=${kind.kubeconfig}` : 'taking the cluster down');
      await kind[Symbol.asyncDispose]();
    },
  };
}

/** The first claim that the reference datapath cannot configure on kind with any kernel; null if there is none. */
function referenceRefusal({ mode, families }: Intent): ClaimRefusal | null {
  if (mode === 'tls') return { claim: 'mode', why: 'only the lab lays out a TLS mesh' };
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
function kernelRefusal({ mode, routing }: Intent, kernel: KernelAbility): string | null {
  if (mode === 'wireguard' && kernel.wireguard === 'none')
    return 'this kernel has neither WireGuard nor TUN: modprobe wireguard, or modprobe tun';
  if (routing !== 'native' && !kernel.tunnel)
    return `this kernel cannot put packets into ${routing} by tc (act_tunnel_key, cls_flower): say --routing native, or modprobe act_tunnel_key cls_flower`;
  return null;
}
