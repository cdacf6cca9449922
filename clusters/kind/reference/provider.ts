import type { ClusterProvider } from '../../../harness/model/provider.ts';
import { datapathCluster } from '../../datapath/cluster.ts';
import { layoutRefusal } from '../../datapath/layout-refusal.ts';
import { WITNESS_IMAGE } from '../../demo/names.ts';
import { KindError } from '../cluster/kind-error.ts';
import { detectKind } from '../detect.ts';
import { type Kind, startKind } from '../kind.ts';
import type { KindOptions } from '../options.ts';
import { ensureWitnessImage } from '../witness/image.ts';
import { probeKernel } from './probe-kernel.ts';
import { kernelRefusal, referenceRefusal } from './refusal.ts';

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
      const { description, host, pod, pods, wire, traffic } = kind;
      const bed = { description, host, pod, pods, wire, workloads: { shell: traffic } };
      return datapathCluster(bed, intent, { progress, scenario });
    },
    [Symbol.asyncDispose]: async () => {
      if (kind === undefined) return;
      progress(keep ? `the cluster stays up: KUBECONFIG=${kind.kubeconfig}` : 'taking the cluster down');
      await kind[Symbol.asyncDispose]();
    },
  };
}
