import { applyScript } from '../apply.ts';
import type { DatapathContext } from '../context.ts';
import { cell, TUNNEL_IN_ESP, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';

/** Seconds in which the first packets without protection must be seen. */
const SEEN_WITHIN_S = 20;
/** As many packets of the load must have left in the clear before the agent is back. */
const CLEAR_PACKETS = 3;

/** Takes the protection of a node away, and returns when it was seen that packets leave without it: a condition, not a pause. */
async function unprotect(context: DatapathContext, node: string): Promise<void> {
  const uplink = context.views.find(({ self }) => self.name === node)?.self.uplink;
  const port = context.options.intent.routing === 'geneve' ? 6081 : 8472;
  // With node encryption a second redirect takes all that goes to a node's address, and so the tunnel.
  const redirects = context.options.intent.nodeEncryption ? [4, 5] : [5];
  const removed = redirects.map((preference) => `tc filter del dev ${uplink} egress pref ${preference}`);
  const away = context.laid === 'ipsec' ? 'ip xfrm policy flush' : removed.join('\n');
  const seen = `timeout ${SEEN_WITHIN_S} tcpdump -n -Z root -i ${uplink} -Q out --immediate-mode -c ${CLEAR_PACKETS} udp port ${port} >/dev/null`;
  await applyScript(context.options.host(node), `${away}\n${seen}\n`, 'fault L46');
}

const RESTART_UNPROTECTED: DatapathFault = {
  id: 'L46',
  what: 'while its agent restarts, a node has no policies (IPsec) or no redirect into WireGuard',
  like: 'F07, F12, real 1.14.5',
  when: 'scenario',
  scenario: 'agent-restart',
  cells: [
    cell({ mode: 'ipsec', routings: TUNNELS, profiles: TUNNEL_IN_ESP }, 'LIF-01'),
    cell({ mode: 'wireguard', routings: TUNNELS, profiles: TUNNEL_IN_ESP }, 'LIF-01'),
  ],
  why: 'the tunnel leaves as it is until the new agent has put everything in place again; the steady phase before never sees it',
  inject: async (context) => {
    if (context.laid === 'none') throw new RangeError('fault L46 needs encryption, but none is set up');
    context.course.whileAgentIsAway = (node) => unprotect(context, node);
  },
};

const LEAVING_MISSED: DatapathFault = {
  id: 'L47',
  what: 'the first node misses that a node left, and keeps its SAs, policies or peer',
  like: 'F13, F23',
  when: 'scenario',
  scenario: 'node-leave',
  cells: [cell({ mode: 'ipsec' }, 'LIF-03'), cell({ mode: 'wireguard' }, 'LIF-03')],
  why: 'nothing is sent to a node that is gone, so nothing is lost and nothing is readable: only the kernel shows what is left',
  inject: async (context) => {
    const [first] = context.views;
    if (first === undefined || context.views.length < 2) throw new RangeError('fault L47 needs two nodes');
    context.course.leftBehind.add(first.self.name);
  },
};

const DISABLED_IN_PART: DatapathFault = {
  id: 'L48',
  what: 'encryption is turned off, and the first node keeps its SAs and policies',
  like: 'F25',
  when: 'scenario',
  scenario: 'disable',
  cells: [cell({ mode: 'ipsec' }, 'LIF-04')],
  why: 'no packet carries the marks any more, so traffic goes on in the clear as it must; what is left would break the next key under the same SPI',
  inject: async (context) => {
    const [first] = context.views;
    if (first === undefined || context.laid !== 'ipsec') throw new RangeError(`fault L48 needs IPsec, but ${context.laid} is set up`);
    context.course.keepsOld.add(first.self.name);
  },
};

const NODE_KEY_MISSED: DatapathFault = {
  id: 'L49',
  what: 'a node changes its WireGuard key, and the first node never takes the new one up',
  like: 'F23',
  when: 'scenario',
  scenario: 'rotation',
  cells: [cell({ mode: 'wireguard' }, 'ROT-03 ROT-07')],
  why: 'the peer answers handshakes under a key that the first node does not know: no session comes about, nothing passes, and nothing is readable',
  inject: async (context) => {
    const [first] = context.views;
    if (first === undefined || context.laid !== 'wireguard')
      throw new RangeError(`fault L49 needs WireGuard, but ${context.laid} is set up`);
    context.course.leftBehind.add(first.self.name);
  },
};

/** Changes of the cluster that go wrong. They change how it will go, and it goes so by real operations. */
export const LIFE_CYCLE_FAULTS: readonly DatapathFault[] = [RESTART_UNPROTECTED, LEAVING_MISSED, DISABLED_IN_PART, NODE_KEY_MISSED];
