import type { Cluster } from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { Family } from '../../harness/model/mode.ts';
import type { ClusterProvider } from '../../harness/model/provider.ts';
import { stackOf } from '../../harness/stacks/stack-of.ts';
import { type DatapathChoice, datapathCluster } from '../datapath/cluster.ts';
import { meshCluster } from '../mesh/mesh.ts';
import { tlsCluster } from '../tls/tls.ts';
import { type Lab, startLab } from './lab.ts';
import { labRefusal } from './lab-refusal.ts';
import { missingRequirements } from './requirements.ts';
import type { AcceleratorChoice } from './vm/accelerator.ts';

/** Options of the lab. */
export interface LabOptions extends Omit<DatapathChoice, 'progress'> {
  readonly nodes: number;
  /** Every family that one of the claims names. */
  readonly families: readonly Family[];
  readonly progress: (line: string) => void;
  /** What executes the guest; default: the environment variable, else what is proven to work. */
  readonly accelerator?: AcceleratorChoice;
}

/** The embedded lab: one machine for all claims, booted for the first one. */
export function labProvider({ nodes, families, accelerator, ...choice }: LabOptions): ClusterProvider {
  let lab: Lab | undefined;
  return {
    name: 'lab',
    refuse: (intent) => {
      const gateway = intent.egressGateway;
      const known = Array.from({ length: nodes }, (_, index) => `node${index + 1}`);
      if (gateway !== undefined && !known.includes(gateway))
        return { claim: 'egressGateway', why: `the nodes of the lab are ${known.join(', ')}` };
      return labRefusal(intent);
    },
    lost: () => lab?.lost(),
    detect: async () => {
      const missing = await missingRequirements();
      if (missing.length === 0) return { available: true };
      return {
        available: false,
        lacks: `the lab needs ${missing.map(({ program }) => program).join(', ')} on this machine`,
        remedy: `apt-get install --no-install-recommends ${missing.map((requirement) => requirement.package).join(' ')}`,
      };
    },
    open: async (intent, signal) => {
      lab ??= await startLab({ nodes, families, signal, progress: choice.progress, ...(accelerator === undefined ? {} : { accelerator }) });
      return openInLab(lab, intent, choice);
    },
    [Symbol.asyncDispose]: async () => {
      if (lab === undefined) return;
      choice.progress('stopping the lab');
      await lab[Symbol.asyncDispose]();
    },
  };
}

/** The reference datapath in a running lab, which stays after the cluster is disposed. */
export function openInLab(lab: Lab, intent: Intent, choice: DatapathChoice = {}): Promise<Cluster> {
  const { description, host, pod, pods, nodes, wire, outside } = lab;
  const bed = { description, host, pod, pods, nodes, wire, outside, workloads: { shell: pod } };
  switch (stackOf(intent).name) {
    case 'cilium':
      return datapathCluster(bed, intent, choice);
    case 'plain-wireguard':
      return meshCluster(bed, intent, choice);
    case 'mesh-tls':
      return tlsCluster(bed, intent, choice);
    case 'istio-ambient':
    case 'linkerd':
    case 'cilium-ztunnel':
      throw new RangeError('the lab has no such mesh');
  }
}
