import type { ClusterDescription } from '../../harness/model/cluster.ts';
import type { Family } from '../../harness/model/mode.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { succeeded } from '../../harness/proc/run.ts';
import type { NodeKeeper } from '../datapath/course.ts';
import { DEMO_MANIFESTS, loadManifests } from '../manifests/load.ts';
import { describeLab } from './describe.ts';
import { cacheFolder } from './image/cache.ts';
import { ensureGuestImage } from './image/image.ts';
import { labNodes } from './nodes.ts';
import { type LabPods, labPods } from './pods.ts';
import { LabRequirementError, missingRequirements } from './requirements.ts';
import { WIRE_INTERFACE } from './topology/batches.ts';
import { planTopology } from './topology/plan.ts';
import { serversScript, topologyScript } from './topology/script.ts';
import { type AcceleratorChoice, wantedAccelerator } from './vm/accelerator.ts';
import { bootGuest } from './vm/boot.ts';
import { type ClockOffset, setGuestClock } from './vm/clock.ts';
import { RemoteShells } from './vm/remote-shells.ts';
import { openMaster } from './vm/ssh-master.ts';
import { guestShell, sshShell } from './vm/ssh-shell.ts';

/** Specification of a lab. */
export interface LabSpec {
  readonly nodes: number;
  /** Paths of manifest files; default the demo applications. */
  readonly manifests?: readonly string[];
  /** Default IPv4 only. */
  readonly families?: readonly Family[];
  /** What executes the guest; default: the environment variable, else what is proven to work. */
  readonly accelerator?: AcceleratorChoice;
  readonly signal?: AbortSignal;
  readonly progress?: (line: string) => void;
}

/** A running lab: nodes, pods and servers, without a datapath between the nodes yet. */
export interface Lab extends AsyncDisposable {
  readonly description: ClusterDescription;
  /** The guest's root namespace: outside all nodes. */
  readonly root: Shell;
  /** The wire between the nodes, which nothing inside a node can reach. */
  readonly wire: { readonly shell: Shell; readonly interface: string };
  /** The client outside the cluster. */
  readonly outside: Shell;
  /** How far the clock of captures is ahead of this machine's. */
  readonly clockOffset: ClockOffset;
  /** ssh's configuration with the host `lab`, for users. */
  readonly sshConfig: string;
  /** A node's network namespace. @throws RangeError for an unknown node */
  host(node: string): Shell;
  /** A pod's network namespace, by `namespace/name`. @throws RangeError for an unknown pod */
  pod(name: string): Shell;
  /** Adds and removes pods; {@link description} has those from the start. */
  readonly pods: Pick<LabPods, 'add' | 'remove'>;
  /** Cuts nodes off and starts them again. */
  readonly nodes: NodeKeeper;
  /** Resolves when the machine ended unexpectedly, with its last message. */
  readonly gone: Promise<string>;
  /** Why the lab is lost: QEMU no longer ran its guest. Else undefined. */
  lost(): string | undefined;
}

const LAYOUT_LIMIT_MS = 180_000;

/** Boot the lab. Nothing of it is left after disposing it, aborting the signal, or any end of this process. */
export async function startLab(spec: LabSpec): Promise<Lab> {
  const progress = spec.progress ?? (() => {});
  const signal = spec.signal === undefined ? {} : { signal: spec.signal };
  const plan = planTopology(spec.nodes, await loadManifests(spec.manifests ?? DEMO_MANIFESTS), spec.families);
  const choice = wantedAccelerator(spec.accelerator);
  const missing = await missingRequirements();
  if (missing.length > 0) throw new LabRequirementError(missing);
  const began = performance.now();
  const lap = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const image = await ensureGuestImage(progress, spec.signal);
  const memory = spec.nodes > 8 ? 512 : 256;
  const { machine, accelerator } = await bootGuest({ image, memory, choice, cache: cacheFolder(), progress, ...signal });
  const onAbort = () => {
    machine.kill().catch(() => {}); // Pending operations on the machine reject and report it.
  };
  spec.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    spec.signal?.throwIfAborted();
    progress(`guest is up after ${machine.guestSeconds} s of its own time [${lap()}]`);
    const { sshConfig } = machine.folder;
    const target = { config: sshConfig, shells: new RemoteShells(guestShell(sshConfig)) };
    const inNodes = new Map(plan.nodes.map(({ name }) => [name, new RemoteShells(guestShell(sshConfig, name))]));
    await openMaster(sshConfig);
    const root = sshShell(target, 'lab');
    const clockOffset = await setGuestClock(root);
    const script = async (text: string) =>
      succeeded(await root.run(['dash', '-s'], { stdin: text, timeoutMs: LAYOUT_LIMIT_MS, ...signal }), 'lab layout');
    await script(topologyScript(plan));
    await script(serversScript(plan));
    const description = await describeLab(plan, root, accelerator);
    progress(`${plan.nodes.length} nodes, ${plan.pods.length} pods and their servers are up [${lap()}]`);
    const pods = labPods(plan, root);
    return {
      description,
      root,
      wire: { shell: sshShell(target, 'wire'), interface: WIRE_INTERFACE },
      outside: sshShell(target, plan.outside.name, { namespace: plan.outside.name }),
      sshConfig: target.config,
      clockOffset,
      gone: machine.gone,
      lost: machine.broken,
      host: (node) => {
        const shells = inNodes.get(node);
        if (shells === undefined) throw new RangeError(`the lab has no node ${node}, only ${[...inNodes.keys()].join(', ')}`);
        return sshShell(target, node, { namespace: node, shells });
      },
      pod: (name) => sshShell(target, name, { namespace: pods.namespaceOf(name) }),
      pods,
      nodes: labNodes(plan, root, pods),
      [Symbol.asyncDispose]: async () => {
        spec.signal?.removeEventListener('abort', onAbort);
        for (const shells of [target.shells, ...inNodes.values()]) shells.close();
        await machine.kill();
      },
    };
  } catch (error) {
    spec.signal?.removeEventListener('abort', onAbort);
    await machine.kill();
    throw error;
  }
}
