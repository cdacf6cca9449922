import type { ClusterWatch, EncryptionKeys, Faults, Lifecycle } from '../../harness/model/cluster.ts';
import type { Mode } from '../../harness/model/mode.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { agentShell } from './agent/agent-shell.ts';
import { simulatedApiShell } from './api/api-shell.ts';
import { type DatapathOptions, newContext, viewOf } from './context.ts';
import { datapathFaults } from './faults/catalogue.ts';
import type { DatapathFault } from './faults/fault.ts';
import { keysOf } from './keys/encryption-keys.ts';
import { layOut, tearDown } from './lay.ts';
import { lifecycleOf } from './lifecycle/lifecycle.ts';
import { removeNode } from './lifecycle/nodes.ts';
import { rotate } from './rotation/rotate.ts';
import { datapathWatch } from './watch.ts';

/** Cilium's transparent encryption without Cilium: the kernel is configured as real agents were seen to configure it. */
export interface Datapath {
  /** Configure a working cluster without encryption. */
  layPlain(): Promise<void>;
  /**
   * Turn encryption on, from any state; the default mode is that of the intent. If a fault that replaces enabling was injected before, it
   * is made instead, each time.
   */
  enable(mode?: Mode): Promise<void>;
  /** Remove everything, including devices; rejects when something is left. */
  disable(): Promise<void>;
  /** The simulated agent of the node: answers from the kernel state. */
  agent(node: string): Shell;
  /** The simulated API server. */
  readonly api: Shell;
  readonly keys: EncryptionKeys;
  /** Changes during traffic. */
  readonly lifecycle: Lifecycle;
  readonly faults: Faults;
  /** Observes changes that others make in this datapath. */
  readonly watch: ClusterWatch;
}

/** @throws RangeError for an intent that cannot be configured */
export function createDatapath(options: DatapathOptions): Datapath {
  const context = newContext(options);
  let instead: DatapathFault | undefined;
  /** Whether all nodes, also those that join later, were configured. */
  let plain = false;
  const keys = keysOf(context);
  return {
    layPlain: async () => {
      plain = true;
      await layOut(context, 'none');
    },
    enable: async (mode = options.intent.mode) => {
      const held = context.nodes.filter(({ name }) => options.heldBack?.includes(name) === true);
      if (plain) for (const { name } of held) await removeNode(context, name);
      else context.nodes = context.nodes.filter((node) => !held.includes(node));
      await (instead ? instead.inject(context) : layOut(context, mode, options.withoutAgent));
    },
    disable: async () => {
      context.nodes = options.nodes;
      await tearDown(context);
    },
    agent: (node) => agentShell(context, viewOf(context, node)),
    api: simulatedApiShell(context),
    keys: { ...keys, rotate: (step) => rotate(context, step) },
    lifecycle: lifecycleOf(context),
    watch: datapathWatch(context, keys),
    faults: datapathFaults(context, (fault) => {
      instead = fault;
    }),
  };
}
