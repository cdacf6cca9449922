import type { Cluster } from '../../harness/model/cluster.ts';

/** One statement that every {@link Cluster} must hold; the caller registers it with its own test runner. */
export interface ClusterContractCase {
  readonly title: string;
  /** Throws when the cluster breaks it. */
  verify(cluster: Cluster): Promise<void>;
}

function must(holds: boolean, statement: string): void {
  if (!holds) throw new Error(`not so: ${statement}`);
}

async function refuses(what: string, call: () => unknown, pattern: RegExp): Promise<void> {
  const outcome = await Promise.resolve()
    .then(call)
    .then(
      () => 'it was accepted',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  must(pattern.test(outcome), `${what} is refused with ${pattern}, but ${outcome}`);
}

/** Whether a capability is there; if it is not, there must be a reason. */
function has({ description }: Cluster, capability: string): boolean {
  return description.capabilities[capability]?.available !== false;
}

const podName = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string => `${namespace}/${name}`;

/** The contract, the same for every implementation. What a cluster declares absent is refused with the reason, never answered. */
export const clusterContract: readonly ClusterContractCase[] = [
  {
    title: 'has two nodes or more, each with a name of its own and an address',
    async verify({ description: { nodes } }) {
      must(nodes.length >= 2, `there are two nodes, not ${nodes.length}`);
      must(new Set(nodes.map(({ name }) => name)).size === nodes.length, 'no two nodes have one name');
      for (const { name, addresses } of nodes) must(addresses.length > 0, `${name} has an address`);
    },
  },
  {
    title: 'gives the reason of every capability, there or absent',
    async verify({ description: { capabilities } }) {
      must(Object.keys(capabilities).length > 0, 'something is declared');
      for (const [name, { reason }] of Object.entries(capabilities)) must(reason.trim() !== '', `${name} has a reason`);
    },
  },
  {
    title: 'runs a command on every node, and refuses a node that is not there',
    async verify(cluster) {
      if (!has(cluster, 'host-shell')) {
        await refuses('a node', () => cluster.host(cluster.description.nodes[0]?.name ?? ''), /cannot be reached: ./);
        return;
      }
      for (const { name } of cluster.description.nodes) {
        const { exitCode, stdout } = await cluster.host(name).run(['sh', '-c', 'echo on the node']);
        must(exitCode === 0 && stdout === 'on the node\n', `${name} answers`);
      }
      await refuses('nowhere', () => cluster.host('nowhere').run(['true']), /nowhere/);
    },
  },
  {
    title: 'asks the agent of every node, or says why it cannot',
    async verify(cluster) {
      for (const { name } of cluster.description.nodes)
        if (has(cluster, 'agent-shell')) {
          const { exitCode, stdout } = await cluster.agent(name).run(['cilium-dbg', 'version']);
          must(exitCode === 0 && stdout.trim() !== '', `the agent of ${name} tells its version`);
        } else await refuses(`the agent of ${name}`, () => cluster.agent(name).run(['true']), /cannot be reached: ./);
    },
  },
  {
    title: 'has pods on every node that is judged, each of which can send',
    async verify(cluster) {
      const { nodes, pods } = cluster.description;
      if (!has(cluster, 'capture')) {
        must(pods.length === 0, 'where nothing may be created there is no pod');
        return;
      }
      for (const { name } of nodes)
        must(
          pods.some(({ node }) => node === name),
          `a pod runs on ${name}`,
        );
      for (const pod of pods) {
        must(
          nodes.some(({ name }) => name === pod.node),
          `${podName(pod)} runs on a node of the cluster`,
        );
        must(pod.addresses.length > 0, `${podName(pod)} has an address`);
        must((await cluster.workloads.shell(podName(pod)).run(['sh', '-c', 'exit 7'])).exitCode === 7, `${podName(pod)} answers`);
      }
      await refuses('a pod that is not there', () => cluster.workloads.shell('none/such').run(['true']), /none\/such/);
    },
  },
  {
    title: 'names for each service the backends, which are its pods',
    async verify({ description: { services, pods } }) {
      const known = new Set(pods.map(podName));
      for (const { namespace, name, addresses, backends, nodePort } of services) {
        must(addresses.length > 0 || nodePort !== undefined, `${namespace}/${name} has an address or a port of the nodes`);
        must(backends.length > 0 && backends.every((backend) => known.has(backend)), `${namespace}/${name} has backends, all of them pods`);
      }
    },
  },
  {
    title: 'has the wire it declares, and no other',
    async verify(cluster) {
      const { wire } = cluster;
      must((wire !== undefined) === has(cluster, 'wire-tap'), 'the wire is there exactly when it is declared');
      if (wire === undefined) return;
      const { stdout } = await wire.shell.run(['cat', '/proc/net/dev']);
      must(stdout.includes(`${wire.interface}:`), `${wire.interface} is an interface there`);
    },
  },
  {
    title: 'answers what the API server is asked for, and refuses to change anything by it',
    async verify({ api }) {
      if (api === undefined) return;
      const { exitCode, stdout } = await api.run(['kubectl', 'get', 'ciliumnodes', '-o', 'yaml']);
      must(exitCode !== 0 || stdout.includes('kind: '), 'CiliumNode objects come as YAML');
      must((await api.run(['kubectl', 'delete', 'ciliumnodes', '--all'])).exitCode !== 0, 'nothing is deleted');
    },
  },
  {
    title: 'tells the key in force by id, algorithm and fingerprint',
    async verify({ keys }) {
      const { id, algorithm, fingerprint } = await keys.current();
      must(Number.isInteger(id) && id >= 0 && id <= 255, `${id} is a key id`);
      must(id === 0 || (algorithm !== '' && /^[0-9a-f]{8,64}$/.test(fingerprint)), 'a key has an algorithm and a hash');
    },
  },
  {
    title: 'may be broken only where it says so',
    async verify(cluster) {
      must((cluster.faults !== undefined) === has(cluster, 'faults'), 'faults are there exactly when they are declared');
      await refuses(
        'an unknown fault',
        () => cluster.faults?.inject('no-such') ?? Promise.reject(new Error('no faults')),
        /no-such|no faults/,
      );
    },
  },
];
