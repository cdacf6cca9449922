import type { FaultStatement } from '../../harness/model/cluster.ts';
import { applyScript } from '../datapath/apply.ts';
import { CLEAR, cell, LOSS } from '../datapath/faults/cells.ts';
import { EMPTY_PLAN } from '../datapath/plan/node-plan.ts';
import { planScript } from '../datapath/plan/script.ts';
import type { Peer, View } from '../datapath/topology.ts';
import { type MeshContext, plainRoute } from './layout.ts';

/** A fault of a plain WireGuard mesh, made by real operations on the kernel. */
export interface MeshFault extends FaultStatement {
  inject(context: MeshContext): Promise<void>;
}

/** The first node and its first peer. @throws RangeError where there are not two nodes */
function firstPair({ views }: MeshContext): { readonly view: View; readonly peer: Peer } {
  const [view] = views;
  const [peer] = view?.peers ?? [];
  if (view === undefined || peer === undefined) throw new RangeError('a fault of a mesh needs two nodes');
  return { view, peer };
}

const COMMON = { stack: 'plain-wireguard', scenario: 'steady' } as const;

const OFF: MeshFault = {
  ...COMMON,
  id: 'M01',
  what: 'the mesh is claimed, and pods are routed without it',
  like: '',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'wireguard' }, 'WGD-01 WGD-02 RUL-03 WIR-01 WIR-02 WIR-03', CLEAR, 'WGD-04 WGD-05 WGD-06 WIR-08 WIR-13')],
  why: 'there is no device, no peer and no session; every packet is answered, and readable',
  inject: (context) => context.lay(false),
};

const PEER_GONE: MeshFault = {
  ...COMMON,
  id: 'M02',
  what: 'one peer is removed on the first node',
  like: 'F23',
  when: 'after-enable',
  cells: [cell({ mode: 'wireguard' }, 'WGD-02', LOSS, 'WGD-04 WGD-05 WGD-06 WIR-08 WIR-13')],
  why: 'WireGuard drops what no peer allows, and answers no handshake of an unknown key: nothing flows either way',
  inject: async (context) => {
    const { view, peer } = firstPair(context);
    const command = `wg set ${context.device.name} peer ${context.key(peer.name).publicKey} remove\n`;
    await applyScript(context.host(view.self.name), command, 'fault M02');
  },
};

const ALLOWED_IPS_NARROW: MeshFault = {
  ...COMMON,
  id: 'M03',
  what: "the allowed IPs of one peer on the first node lack that node's pods",
  like: 'F23',
  when: 'after-enable',
  cells: [cell({ mode: 'wireguard' }, 'WGD-04', LOSS, 'WGD-05 WGD-06 WIR-08 WIR-13')],
  why: 'what is routed to the device and allowed for no peer is dropped, in both directions (drivers/net/wireguard/receive.c)',
  inject: async (context) => {
    const { view, peer } = firstPair(context);
    const command = `wg set ${context.device.name} peer ${context.key(peer.name).publicKey} allowed-ips 192.0.2.0/24\n`;
    await applyScript(context.host(view.self.name), command, 'fault M03');
  },
};

const AROUND: MeshFault = {
  ...COMMON,
  id: 'M04',
  what: 'the first node routes the pods of one peer past the device: one direction is clear',
  like: 'F03, F21',
  when: 'after-enable',
  cells: [cell({ mode: 'wireguard' }, 'RUL-03 WIR-01 WIR-03', CLEAR, 'WGD-05 WGD-06 WIR-13')],
  why: 'the peer takes the clear packet, and answers through the device: every request is answered, half of it readable',
  inject: async (context) => {
    const { view, peer } = firstPair(context);
    await applyScript(context.host(view.self.name), planScript({ ...EMPTY_PLAN, ip: [plainRoute(view, peer)] }), 'fault M04');
  },
};

/** Sets one preshared key at both ends of the first pair; null takes it away, by an empty file (wg(8)). */
async function setPreshared(context: MeshContext, id: string, key: string | null): Promise<void> {
  const { view, peer } = firstPair(context);
  for (const [node, other] of [
    [view.self.name, peer.name],
    [peer.name, view.self.name],
  ] as const) {
    const from = key === null ? '/dev/null' : `/proc/self/fd/0 <<'END'\n${key}\nEND`;
    const command = `wg set ${context.device.name} peer ${context.key(other).publicKey} preshared-key ${from}\n`;
    await applyScript(context.host(node), command, `fault ${id}`);
  }
}

const PRESHARED_GONE: MeshFault = {
  ...COMMON,
  id: 'M05',
  what: 'two nodes have no preshared key for each other, though preshared keys are claimed',
  like: '',
  when: 'after-enable',
  cells: [cell({ mode: 'wireguard', presharedKeys: true }, 'WGD-07')],
  why: 'both ends agree, so sessions come about and everything is encrypted: nothing on the wire tells what X25519 is protected by',
  inject: (context) => setPreshared(context, 'M05', null),
};

const PRESHARED_GUESSED: MeshFault = {
  ...COMMON,
  id: 'M06',
  what: 'the preshared key of two nodes is one byte, repeated',
  like: '',
  when: 'after-enable',
  cells: [cell({ mode: 'wireguard', presharedKeys: true }, 'WGD-07')],
  why: 'everything is encrypted, but the key that must protect X25519 is easy to guess',
  inject: (context) => setPreshared(context, 'M06', Buffer.alloc(32, 0x2a).toString('base64')),
};

/** Every fault the mesh can make, by id. */
export const MESH_FAULTS: readonly MeshFault[] = [OFF, PEER_GONE, ALLOWED_IPS_NARROW, AROUND, PRESHARED_GONE, PRESHARED_GUESSED];
