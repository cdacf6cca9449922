import type { Intent } from '../../harness/model/intent.ts';
import type { ClaimRefusal } from '../../harness/model/provider.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { profileOf } from '../../harness/stacks/stack-of.ts';
import type { WireguardKey } from '../datapath/keys/wireguard-key.ts';
import { masqueradeChain, NFT_TABLE, nftTable } from '../datapath/plan/masquerade.ts';
import { mergePlans, type NodePlan } from '../datapath/plan/node-plan.ts';
import { forcedScript, planScript } from '../datapath/plan/script.ts';
import type { Peer, View } from '../datapath/topology.ts';

/** The WireGuard device of a mesh and the port that it listens on. */
export interface MeshDevice {
  readonly name: string;
  readonly port: number;
}

/** What encrypts a mesh. */
export type MeshKeys = Pick<MeshContext, 'key' | 'preshared'>;

/** What the parts of a mesh share. */
export interface MeshContext {
  readonly views: readonly View[];
  readonly device: MeshDevice;
  host(node: string): Shell;
  /** Key pair of a node. @throws RangeError for a node that has none */
  key(node: string): WireguardKey;
  /** Preshared key of two nodes, base64; null where none are claimed. */
  preshared(one: string, other: string): string | null;
  /** Routes with the device, or without it. */
  lay(encrypted: boolean): Promise<void>;
}

/** A claim of a mesh that the lab cannot configure. */
export function meshRefusal(intent: Intent): ClaimRefusal | null {
  if (intent.mode !== 'wireguard') return { claim: 'mode', why: 'the lab configures a mesh with WireGuard only' };
  if (intent.families.join() !== 'ipv4') return { claim: 'families', why: 'the lab configures a mesh with IPv4 only' };
  return null;
}

/** @throws RangeError for a profile that is no mesh */
export function meshDevice(intent: Intent): MeshDevice {
  const wireguard = profileOf(intent)?.wireguard ?? null;
  if (wireguard === null) throw new RangeError(`profile ${intent.profile} has no WireGuard device`);
  return { name: wireguard.device, port: wireguard.port.value };
}

/** Bytes that WireGuard over IPv4 takes, and as wg-quick(8) counts it over IPv6. */
const OVERHEAD = 80;

/** MTU of the pods' default routes over links of 1500. */
export const meshRouteMtu = (encrypted: boolean): number => (encrypted ? 1500 - OVERHEAD : 1500);

/** What each node has, encryption or not: forwarding, the pods' gateway, and pods masqueraded to what is no pod, as flannel does. */
export function routedBase(view: View): NodePlan {
  const { self } = view;
  return mergePlans({
    sysctls: [
      ['net/ipv4/ip_forward', '1'],
      ['net/ipv4/conf/all/rp_filter', '0'],
      [`net/ipv4/conf/${self.uplink}/rp_filter`, '0'],
    ],
    ip: [`addr replace ${self.internal}/32 dev lo`],
    nft: nftTable(masqueradeChain(view)),
  });
}

/** The route to a peer's pods past the device. */
export function plainRoute(view: View, peer: Peer): string {
  return `route replace ${peer.podCidr} via ${peer.address} dev ${view.self.uplink}`;
}

/** The route to a peer's pods by the device; the host speaks with its pod gateway's address, which the peers allow. */
function encryptedRoute(view: View, peer: Peer, { name }: MeshDevice): string {
  return `route replace ${peer.podCidr} dev ${name} src ${view.self.internal}`;
}

function configuration(view: View, { port }: MeshDevice, { key, preshared }: MeshKeys): string {
  const peers = view.peers.flatMap((peer) => [
    '[Peer]',
    `PublicKey = ${key(peer.name).publicKey}`,
    `Endpoint = ${peer.underlay}:${port}`,
    `AllowedIPs = ${peer.podCidr}`,
    ...[preshared(view.self.name, peer.name)].flatMap((secret) => (secret === null ? [] : [`PresharedKey = ${secret}`])),
  ]);
  return ['[Interface]', `PrivateKey = ${key(view.self.name).privateKey}`, `ListenPort = ${port}`, ...peers].join('\n');
}

/** A node of the mesh as a script; without keys nothing is encrypted. */
export function meshScript(view: View, device: MeshDevice, keys: MeshKeys | null): string {
  const routes = view.peers.map((peer) => (keys === null ? plainRoute(view, peer) : encryptedRoute(view, peer, device)));
  const encryption: Partial<NodePlan> =
    keys === null
      ? { ip: routes }
      : {
          devices: [[device.name, `mtu ${1500 - OVERHEAD} type wireguard`]],
          wireguard: [[device.name, configuration(view, device, keys)]],
          ip: [`link set ${device.name} up`, ...routes],
        };
  return `${resetScript(view, device)}${planScript(mergePlans(routedBase(view), encryption))}`;
}

/** Deletions that bring a node back to before any layout. */
export function resetScript(view: View, device: MeshDevice): string {
  return forcedScript({
    ip: [...view.peers.map((peer) => `route del ${peer.podCidr}`), `link del ${device.name}`, `addr del ${view.self.internal}/32 dev lo`],
    ip6: [],
    tc: [],
    nft: [`add table ${NFT_TABLE}`, `delete table ${NFT_TABLE}`],
  });
}
