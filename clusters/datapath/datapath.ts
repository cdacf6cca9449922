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
  /** A working cluster without encryption. */
  layPlain(): Promise<void>;
  /**
   * Turn encryption on, from any state; the mode is the intent's unless said. A fault injected before that takes the place of
   * enabling is done instead, once and for all: enabling again does it again.
   */
  enable(mode?: Mode): Promise<void>;
  /** Take everything away, devices included; rejects when something is left. */
  disable(): Promise<void>;
  /** The stand-in of the node's agent: answers from what the kernel has. */
  agent(node: string): Shell;
  /** The stand-in of the API server. */
  readonly api: Shell;
  readonly keys: EncryptionKeys;
  /** Changes while traffic goes on. */
  readonly lifecycle: Lifecycle;
  readonly faults: Faults;
  /** Sees what is changed by whoever else has this datapath. */
  readonly watch: ClusterWatch;
}

/** @throws RangeError for an intent that cannot be set up */
export function createDatapath(options: DatapathOptions): Datapath {
  const context = newContext(options);
  let instead: DatapathFault | undefined;
  /** Whether all nodes, also those to be held back, have been set up. */
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
