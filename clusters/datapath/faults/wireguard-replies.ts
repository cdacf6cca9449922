import { cell } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair, filterBatch } from './on-first-node.ts';

/** Sources of the answers: the UDP echo, used like DNS, and the HTTP servers. */
const ECHO = 'ip_proto udp src_port 9000';
const HTTP = 'ip_proto tcp src_port 80';

/** GHSA-v6q2-4qr3-5cw6: what a proxy sends for a pod is not sent into the device. */
export const PROXY_REPLY_AROUND_WIREGUARD: DatapathFault = {
  id: 'L38b',
  what: 'the answers of the second node to UDP requests leave past WireGuard, as those of a proxy did; the requests are encrypted',
  like: 'CVE-2024-28250',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'wireguard', routings: ['native'] }, 'WIR-01 WIR-03', 'WIR-02 WIR-10 WIR-11 WGD-06')],
  why: 'an exception for the answers stands before the redirect, as a packet without the mark or the identity of a pod had none; every request is answered, and the answers are readable. In a tunnel whole packets of it are encrypted, whoever sent what is inside',
  inject: async (context) => {
    if (context.laid !== 'wireguard' || context.options.intent.routing !== 'native')
      throw new RangeError('fault L38b needs WireGuard with native routing');
    const { other, back } = anyPair(context, 'L38b');
    const { uplink, podCidr, name } = other.self;
    const match = `${ECHO} src_ip ${podCidr} dst_ip ${back.podCidr}`;
    await filterBatch(
      context,
      name,
      { tc: [`filter add dev ${uplink} egress pref 3 protocol ip flower ${match} action ok`] },
      'fault L38b',
    );
  },
};

/** #46864: with node encryption the request of a node to a pod is encrypted, and the answer of the pod is not. */
export const REPLY_TO_NODE_CLEAR: DatapathFault = {
  id: 'L52',
  what: 'the answers of pods of the second node to the first node leave past WireGuard, though node encryption is on; the requests are encrypted',
  like: 'F20',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'wireguard', nodeEncryption: true, routings: ['native'] }, 'WIR-01 WIR-03', 'WIR-10 WIR-11')],
  why: 'an exception for answers to that node’s address, by UDP and TCP, stands before the redirect: no request is readable, and every one is answered',
  inject: async (context) => {
    const { routing, nodeEncryption } = context.options.intent;
    if (context.laid !== 'wireguard' || routing !== 'native' || !nodeEncryption)
      throw new RangeError('fault L52 needs WireGuard with node encryption and native routing');
    const { other, back } = anyPair(context, 'L52');
    const { uplink, podCidr, name } = other.self;
    const filter = (match: string, preference: number) =>
      `filter add dev ${uplink} egress pref ${preference} protocol ip flower ${match} src_ip ${podCidr} dst_ip ${back.address}/32 action ok`;
    await filterBatch(context, name, { tc: [filter(ECHO, 2), filter(HTTP, 3)] }, 'fault L52');
  },
};
