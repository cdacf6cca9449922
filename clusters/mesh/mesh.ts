import { createHash, randomBytes } from 'node:crypto';
import type { Cluster, EncryptionKeys } from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { applyScript } from '../datapath/apply.ts';
import type { DatapathBed } from '../datapath/cluster.ts';
import { newWireguardKey, type WireguardKey } from '../datapath/keys/wireguard-key.ts';
import { LayoutError } from '../datapath/layout-error.ts';
import { clusterViews, type View } from '../datapath/topology.ts';
import { agentlessCluster, routePods } from './agentless.ts';
import { MESH_FAULTS } from './faults.ts';
import { type MeshContext, type MeshDevice, meshDevice, meshRouteMtu, meshScript, resetScript } from './layout.ts';

/** A plain WireGuard mesh on a bed, as a cluster. Disposing it leaves the bed as clean as it was, and rejects when it can't. */
export async function meshCluster(
  bed: DatapathBed,
  intent: Intent,
  choice: { readonly clear?: boolean; readonly progress?: (line: string) => void } = {},
): Promise<Cluster> {
  const { host } = bed;
  const { nodes, pods } = bed.description;
  const views = clusterViews(nodes, pods, intent.families);
  const keys = new Map(nodes.map(({ name }) => [name, newWireguardKey()]));
  const presharedKeys = intent.presharedKeys === true ? presharedOf(nodes.map(({ name }) => name)) : null;
  const device = meshDevice(intent);
  const context: MeshContext = {
    views,
    device,
    host,
    key: (node) => {
      const key = keys.get(node);
      if (key === undefined) throw new RangeError(`the mesh has no node ${node}, only ${[...keys.keys()].join(', ')}`);
      return key;
    },
    preshared: (one, other) => presharedKeys?.get([one, other].sort().join(' ')) ?? null,
    lay: async (encrypted) => {
      await Promise.all(
        views.map((view) =>
          applyScript(host(view.self.name), meshScript(view, device, encrypted ? context : null), `laying out ${device.name}`),
        ),
      );
      await routePods(bed, views, meshRouteMtu(encrypted));
    },
  };
  if (choice.clear ?? true) await context.lay(false);
  return agentlessCluster(
    bed,
    {
      ...{
        title: 'a plain WireGuard mesh',
        pods,
        context,
        faults: MESH_FAULTS,
        keys: safeFacts(keys, [...(presharedKeys?.values() ?? [])]),
      },
      enable: () => context.lay(true),
      enabled: `wireguard set up on ${views.length} nodes (a mesh, device ${device.name})`,
      takeAway: async () => {
        await Promise.all(views.map((view) => takeAway(host(view.self.name), view, device)));
      },
    },
    choice.progress,
  );
}

/** @throws LayoutError when something is left */
async function takeAway(shell: Shell, view: View, device: MeshDevice): Promise<void> {
  const probe = `[ ! -d /proc/sys/net/ipv4/conf/${device.name} ] || echo "device ${device.name}"; ip route | grep -E '(${view.peers.map(({ podCidr }) => podCidr).join('|')})' || :; echo end`;
  const left = (await applyScript(shell, `${resetScript(view, device)}${probe}\n`, 'taking the mesh away')).trim();
  if (left !== 'end') throw new LayoutError(view.self.name, 'not clean after taking the mesh away', left);
}

/** A preshared key for each two nodes, by their names in order, with a blank between. */
function presharedOf(nodes: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    [...nodes]
      .sort()
      .flatMap((one, index, all) => all.slice(index + 1).map((other) => [`${one} ${other}`, randomBytes(32).toString('base64')] as const)),
  );
}

function safeFacts(keys: ReadonlyMap<string, WireguardKey>, preshared: readonly string[]): EncryptionKeys {
  const all = [...keys.values()];
  const names = all.map(({ publicKey }) => publicKey).sort();
  const fingerprint = createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 24);
  return {
    current: async () => ({ id: 255, algorithm: 'chacha20poly1305', fingerprint }),
    eachSecret: (visit) => {
      for (const secret of [...all.map(({ privateKey }) => privateKey), ...preshared]) visit(Buffer.from(secret, 'base64'));
    },
  };
}
