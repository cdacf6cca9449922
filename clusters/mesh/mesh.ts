import { createHash } from 'node:crypto';
import type { Cluster, EncryptionKeys } from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { applyScript } from '../datapath/apply.ts';
import type { DatapathBed } from '../datapath/cluster.ts';
import { newWireguardKey, type WireguardKey } from '../datapath/keys/wireguard-key.ts';
import { LayoutError } from '../datapath/layout-error.ts';
import { EMPTY_PLAN } from '../datapath/plan/node-plan.ts';
import { planScript } from '../datapath/plan/script.ts';
import { clusterViews, type View } from '../datapath/topology.ts';
import { MESH_FAULTS, type MeshFault } from './faults.ts';
import { type MeshContext, type MeshDevice, meshDevice, meshRouteMtu, meshScript, resetScript } from './layout.ts';

const NO_AGENT = { available: false, reason: 'a plain WireGuard mesh has no agent' } as const;
const NO_OBJECTS = { available: false, reason: 'a plain WireGuard mesh publishes no objects' } as const;

/** A plain WireGuard mesh on a bed, as a cluster. Disposing it leaves the bed as clean as it was, and rejects when it can't. */
export async function meshCluster(
  bed: DatapathBed,
  intent: Intent,
  choice: { readonly clear?: boolean; readonly progress?: (line: string) => void } = {},
): Promise<Cluster> {
  const { host, pod, wire, outside, workloads } = bed;
  const { nodes, pods, capabilities } = bed.description;
  const views = clusterViews(nodes, pods, intent.families);
  const keys = new Map(nodes.map(({ name }) => [name, newWireguardKey()]));
  const device = meshDevice(intent);
  let instead: MeshFault | undefined;
  const context: MeshContext = {
    views,
    device,
    host,
    key: (node) => {
      const key = keys.get(node);
      if (key === undefined) throw new RangeError(`the mesh has no node ${node}, only ${[...keys.keys()].join(', ')}`);
      return key;
    },
    lay: async (encrypted) => {
      await Promise.all(
        views.map((view) =>
          applyScript(host(view.self.name), meshScript(view, device, encrypted ? context.key : null), `laying out ${device.name}`),
        ),
      );
      const mtu = meshRouteMtu(encrypted);
      const gateways = views.flatMap(({ self }) => self.pods.map(({ name }) => [name, self.internal] as const));
      await Promise.all(
        gateways.map(([name, gateway]) =>
          applyScript(
            pod(name),
            planScript({ ...EMPTY_PLAN, ip: [`route replace default via ${gateway} dev eth0 mtu ${mtu}`] }),
            `setting the route MTU ${mtu}`,
          ),
        ),
      );
    },
  };
  const fault = (id: string): MeshFault => {
    const found = MESH_FAULTS.find((candidate) => candidate.id === id);
    if (found === undefined)
      throw new RangeError(`unknown fault ${JSON.stringify(id)}; a mesh knows ${MESH_FAULTS.map((known) => known.id).join(', ')}`);
    choice.progress?.(`fault ${found.id}: ${found.what}`);
    return found;
  };
  if (choice.clear ?? true) await context.lay(false);
  return {
    // Health endpoints are an agent's: a mesh has none, whatever the bed has.
    description: {
      ...bed.description,
      nodes: nodes.map(({ health: _, ...node }) => node),
      capabilities: { ...capabilities, 'agent-shell': NO_AGENT, 'node-objects': NO_OBJECTS },
    },
    host,
    agent: (node) => {
      throw new RangeError(`${node}: ${NO_AGENT.reason}`);
    },
    wire,
    ...(outside === undefined ? {} : { outside }),
    api: undefined,
    workloads,
    keys: safeFacts(keys),
    faults: {
      list: () => MESH_FAULTS,
      inject: async (id) => {
        const found = fault(id);
        if (found.when === 'instead-of-enable') instead = found;
        else await found.inject(context);
      },
      disguise: (id) => {
        throw new RangeError(`fault ${id} does not disguise the cluster`);
      },
    },
    enableEncryption: async () => {
      await (instead === undefined ? context.lay(true) : instead.inject(context));
      choice.progress?.(`wireguard set up on ${views.length} nodes (a mesh, device ${device.name})`);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(views.map((view) => takeAway(host(view.self.name), view, device)));
    },
  };
}

/** @throws LayoutError when something is left */
async function takeAway(shell: Shell, view: View, device: MeshDevice): Promise<void> {
  const probe = `[ ! -d /proc/sys/net/ipv4/conf/${device.name} ] || echo "device ${device.name}"; ip route | grep -E '(${view.peers.map(({ podCidr }) => podCidr).join('|')})' || :; echo end`;
  const left = (await applyScript(shell, `${resetScript(view, device)}${probe}\n`, 'taking the mesh away')).trim();
  if (left !== 'end') throw new LayoutError(view.self.name, 'not clean after taking the mesh away', left);
}

function safeFacts(keys: ReadonlyMap<string, WireguardKey>): EncryptionKeys {
  const all = [...keys.values()];
  const names = all.map(({ publicKey }) => publicKey).sort();
  const fingerprint = createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 24);
  return {
    current: async () => ({ id: 255, algorithm: 'chacha20poly1305', fingerprint }),
    eachSecret: (visit) => {
      for (const { privateKey } of all) visit(Buffer.from(privateKey, 'base64'));
    },
  };
}
