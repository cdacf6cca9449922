import { applyScript } from '../apply.ts';
import { type DatapathContext, lookUp, viewOf } from '../context.ts';
import { additionScript } from '../lifecycle/change-script.ts';
import { planDifference } from '../lifecycle/plan-difference.ts';
import { plansOf } from '../lifecycle/reconfigure.ts';
import { nodePlan } from '../plan/node.ts';
import { EMPTY_PLAN } from '../plan/node-plan.ts';
import { planScript } from '../plan/script.ts';
import { tunnelOf } from '../plan/tunnel.ts';
import { cell, TUNNEL_IN_ESP, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';

/** Seconds in which the first packets without protection must be seen. */
const SEEN_WITHIN_S = 20;
/** Number of packets of the load that must have left in the clear before the agent is back. */
const CLEAR_PACKETS = 3;

interface Unprotecting {
  readonly script: string;
  /** What leaves in the clear, as tcpdump's filter. */
  readonly clear: string;
  readonly fault: string;
}

/** Packets of pods in the clear. With native routing ESP too is between addresses of the pod CIDR. */
function clearPods(context: DatapathContext, node: string): string {
  const tunnel = tunnelOf(context.options.intent.routing);
  return tunnel === undefined ? `src net ${viewOf(context, node).self.podCidr} and not proto 50` : `udp port ${tunnel.port}`;
}

/** Does what leaves a node unprotected, tells when, and returns when it was seen that packets leave so: a condition, not a pause. */
async function unprotect(context: DatapathContext, node: string, { script, clear, fault }: Unprotecting): Promise<() => void> {
  const { self } = viewOf(context, node);
  const host = context.options.host(node);
  context.reportFault('fault-opening', { node });
  await applyScript(host, script, `fault ${fault}`);
  context.reportFault('fault-opened', { node });
  const look = `tcpdump -n -Z root -i ${self.uplink} -Q out --immediate-mode -c ${CLEAR_PACKETS} '${clear}' >/dev/null`;
  await applyScript(host, `timeout ${SEEN_WITHIN_S} ${look}\n`, `fault ${fault}: waiting for readable packets`);
  return () => context.reportFault('fault-closed', { node });
}

/** Takes away what protects a node that is set up. */
function protectionOff(context: DatapathContext, node: string): string {
  const { uplink } = viewOf(context, node).self;
  // With node encryption a second redirect takes all packets to a node's address, and so the tunnel.
  const redirects = context.options.intent.nodeEncryption ? [4, 5] : [5];
  const removed = redirects.map((preference) => `tc filter del dev ${uplink} egress pref ${preference}`);
  return context.laid === 'ipsec' ? 'ip xfrm policy flush\n' : `${removed.join('\n')}\n`;
}

/** Lays a node out as without encryption: its routes and its tunnel are there before what protects them. */
function routesFirst(context: DatapathContext, node: string): string {
  return planScript(nodePlan({ mode: 'none' }, viewOf(context, node), context.options.intent.routing, context.egressGateway));
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
    context.course.whileAgentIsAway = (node) =>
      unprotect(context, node, { script: protectionOff(context, node), clear: clearPods(context, node), fault: 'L46' });
  },
};

/** A node that comes up under traffic, with its routes before what protects them. */
function unprotectedStart(fault: Pick<DatapathFault, 'id' | 'what' | 'like' | 'scenario' | 'why'>): DatapathFault {
  return {
    ...fault,
    when: 'scenario',
    cells: [cell({ mode: 'ipsec' }, 'LIF-07'), cell({ mode: 'wireguard' }, 'LIF-07')],
    inject: async (context) => {
      if (context.laid === 'none') throw new RangeError(`fault ${fault.id} needs encryption, but none is set up`);
      context.course.beforeNodeIsProtected = (node) =>
        unprotect(context, node, { script: routesFirst(context, node), clear: clearPods(context, node), fault: fault.id });
    },
  };
}

const START_UNPROTECTED = unprotectedStart({
  id: 'L70',
  what: 'an agent that starts lays the routes of its node before what encrypts: its pods send in the clear until that is there',
  like: 'CVE-2023-27595, comment in the workflows of Cilium’s own tests',
  scenario: 'agent-start',
  why: 'the pods send already; the others take what comes in the clear or drop it, and either way it was readable. The state that is read later is whole',
});

const RESTART_WITHOUT_DRAIN = unprotectedStart({
  id: 'L71',
  what: 'after a hard restart the pods of a node and its routes are back before what encrypts',
  like: 'istio 60882',
  scenario: 'node-restart',
  why: 'the pods send as soon as they are back; nothing that is read before the restart or after it tells, only a capture that watched it',
});

/** Type 3 is destination unreachable: it quotes the packet that nobody takes. */
const UNREACHABLE = 'icmp[icmptype] == 3';

const TUNNEL_LATE: DatapathFault = {
  id: 'L75',
  what: 'an agent that starts has its SAs before its tunnel device is up: the kernel answers what it decrypts with ICMP errors that quote it in the clear',
  like: 'seen in the lab',
  when: 'scenario',
  scenario: 'agent-start',
  cells: [cell({ mode: 'ipsec', routings: TUNNELS, profiles: TUNNEL_IN_ESP }, 'LIF-07')],
  why: 'no socket takes the decrypted tunnel packet, so port unreachable goes from node to node, which is not encrypted, with the pod’s packet inside; each packet of pods is encrypted itself',
  inject: async (context) => {
    if (context.laid !== 'ipsec') throw new RangeError(`fault L75 needs IPsec, but ${context.laid} is set up`);
    context.course.beforeNodeIsProtected = (node) => {
      const plan = lookUp(plansOf(context), node, 'plan');
      const script = additionScript({ ...planDifference(EMPTY_PLAN, plan), ip: [], ip6: [] });
      return unprotect(context, node, { script, clear: UNREACHABLE, fault: 'L75' });
    };
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

/** Changes of the cluster that fail. They set the course beforehand; real operations then follow it. */
export const LIFE_CYCLE_FAULTS: readonly DatapathFault[] = [
  RESTART_UNPROTECTED,
  START_UNPROTECTED,
  RESTART_WITHOUT_DRAIN,
  TUNNEL_LATE,
  LEAVING_MISSED,
  DISABLED_IN_PART,
  NODE_KEY_MISSED,
];
