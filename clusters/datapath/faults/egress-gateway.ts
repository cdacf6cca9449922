import { isIPv6 } from 'node:net';
import type { DatapathContext } from '../context.ts';
import { encapsulate, matchFamily, tunnelOf } from '../plan/tunnel.ts';
import { perFamily } from '../topology.ts';
import { cell } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair, filterBatch } from './on-first-node.ts';

/** Before the filters of the layout. */
const EARLY = 2;

const CELLS = [
  cell({ mode: 'ipsec', egressGateway: true }, 'WIR-01 WIR-03 WIR-11'),
  cell({ mode: 'wireguard', egressGateway: true }, 'WIR-01 WIR-03 WIR-11'),
];

/** #21769, #24450: the egress gateway has programs of its own at both ends. */
export const TO_GATEWAY_CLEAR: DatapathFault = {
  id: 'L95',
  what: 'the first node sends what its pods send to outside in the clear to the egress gateway; answers come back encrypted',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: CELLS,
  why: 'another filter than that for the pods of other nodes puts these packets into the tunnel, and it sets no mark, or that of packets which were encrypted; all is answered, and only requests are readable',
  inject: (context) => inTheClear(context, 'L95', 'requests'),
};

export const FROM_GATEWAY_CLEAR: DatapathFault = {
  id: 'L96',
  what: 'the egress gateway sends answers from outside back to the pods of the first node in the clear; what these send is encrypted',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: CELLS,
  why: 'an exception for what comes from outside stands before the filter for the pods of the other node, as a packet without the identity of a pod had one; no request is readable, and every one is answered',
  inject: (context) => inTheClear(context, 'L96', 'answers'),
};

/** One way between the first node and the gateway, past the encryption of the tunnel. */
async function inTheClear(context: DatapathContext, fault: string, way: 'requests' | 'answers'): Promise<void> {
  const { egressGateway: gateway, laid } = context;
  const { view, peer, other, back } = anyPair(context, fault);
  const tunnel = tunnelOf(context.options.intent.routing);
  if (gateway === undefined || tunnel === undefined || peer.name !== gateway.node)
    throw new RangeError(`fault ${fault} needs an egress gateway on the second node, in a tunnel`);
  // WireGuard's own mark is let pass by the redirect into its device.
  const mark = laid === 'wireguard' ? '0xe00' : '0';
  const [from, to] = way === 'requests' ? ([view, peer] as const) : ([other, back] as const);
  const tc = perFamily(from).flatMap((own) => {
    const outside = gateway.outside.find((address) => isIPv6(address) === (own.self.family === 'ipv6'));
    const target = own.peers.find(({ name }) => name === to.name);
    if (outside === undefined || target === undefined) return [];
    const match = way === 'requests' ? `dst_ip ${outside}` : `src_ip ${outside} dst_ip ${target.podCidr}`;
    return [`filter add dev cilium_host egress ${matchFamily(target, EARLY)} flower ${match} ${encapsulate(own, target, tunnel, mark)}`];
  });
  await filterBatch(context, from.self.name, { tc }, `fault ${fault}`);
}
