import type { PodDescription } from '../../../harness/model/cluster.ts';
import { applyScript } from '../apply.ts';
import type { DatapathContext } from '../context.ts';
import { plansOf } from '../lifecycle/reconfigure.ts';
import { NFT_TABLE } from '../plan/masquerade.ts';
import { EMPTY_PLAN, type NodePlan } from '../plan/node-plan.ts';
import { planScript } from '../plan/script.ts';
import { encapsulate, tunnelOf } from '../plan/tunnel.ts';
import type { Peer, View } from '../topology.ts';
import { cell } from './cells.ts';
import type { DatapathFault } from './fault.ts';

/** Preference before any filter of a layout, so that it can be removed separately. */
const EARLY = 2;

/** Lets packets of a pod, or of another holder of an address of the pod range, pass unprotected on every node; the returned function ends that. */
export async function openGap(
  context: DatapathContext,
  pod: Pick<PodDescription, 'name' | 'node' | 'addresses'>,
  fault: string,
): Promise<() => Promise<void>> {
  const address = pod.addresses.find((candidate) => !candidate.includes(':'));
  if (address === undefined) throw new RangeError(`fault ${fault}: pod ${pod.name} has no IPv4 address`);
  const apply = (scripts: (view: View) => Partial<NodePlan>, what: string) =>
    Promise.all(
      context.views.map((view) =>
        applyScript(context.options.host(view.self.name), planScript({ ...EMPTY_PLAN, ...scripts(view) }), `fault ${fault}: ${what}`),
      ),
    );
  const plans = plansOf(context);
  context.reportFault('fault-opening', { pod: pod.name });
  await apply((view) => bypass(context, view, pod, address), 'the gap');
  context.reportFault('fault-opened', { pod: pod.name });
  return async () => {
    await apply((view) => {
      if (marksPods(context)) return { nft: [`delete table ${NFT_TABLE}`, ...(plans.get(view.self.name)?.nft ?? [])] };
      return { tc: [`filter del dev ${gapDevice(context, view)} egress pref ${EARLY}`] };
    }, 'its end');
    context.reportFault('fault-closed', { pod: pod.name });
  };
}

/** Layouts in which a mark on the pod's packet decides; in the others a filter does. */
function marksPods({ laid, profile, options }: DatapathContext): boolean {
  return laid === 'ipsec' && (profile.tunnelOrder === 'esp-in-vxlan' || options.intent.routing === 'native');
}

function gapDevice({ options }: DatapathContext, view: View): string {
  return options.intent.routing === 'native' ? view.self.uplink : 'cilium_host';
}

function bypass(context: DatapathContext, view: View, pod: Pick<PodDescription, 'node'>, address: string): Partial<NodePlan> {
  if (marksPods(context)) {
    return {
      nft: ['saddr', 'daddr'].map((end) => `add rule ${NFT_TABLE} mark_pods ip ${end} ${address} meta mark set 0`),
    };
  }
  const place = `filter add dev ${gapDevice(context, view)} egress pref ${EARLY} protocol ip flower`;
  const tunnel = tunnelOf(context.options.intent.routing);
  const own = view.self.name === pod.node;
  if (tunnel === undefined) return { tc: [`${place} ${own ? 'src_ip' : 'dst_ip'} ${address} action ok`] };
  // WireGuard takes every tunnel packet except those with its own mark.
  const mark = context.laid === 'wireguard' && context.profile.wireguard.encapsulates ? '0xe00' : '0';
  const out = (peer: Peer, match: string) => `${place} ${match} ${encapsulate(view, peer, tunnel, mark)}`;
  if (own) return { tc: view.peers.map((peer) => out(peer, `src_ip ${address} dst_ip ${peer.podCidr}`)) };
  return { tc: view.peers.filter(({ name }) => name === pod.node).map((peer) => out(peer, `dst_ip ${address}`)) };
}

export const FIRST_PACKETS_CLEAR: DatapathFault = {
  id: 'L23',
  what: 'a new pod is reachable before its packets are marked for encryption: the first ones are readable, in both directions',
  like: 'F06, F07',
  when: 'scenario',
  scenario: 'pod-churn',
  cells: [cell({ mode: 'ipsec' }, 'LIF-02'), cell({ mode: 'wireguard' }, 'LIF-02')],
  why: 'only packets of the new pod pass unprotected, and only until the nodes know of it: the steady phase never sees them',
  inject: async (context) => {
    if (context.laid === 'none') throw new RangeError('fault L23 needs encryption, but none is set up');
    context.course.beforePodIsKnown = (pod) => openGap(context, pod, 'L23');
  },
};

/** CVE-2025-32793: a race at the end of an endpoint. */
export const LAST_PACKETS_CLEAR: DatapathFault = {
  id: 'L53',
  what: 'the last packets of a pod that is being deleted are readable, in both directions: what encrypts them is gone before the pod is',
  like: 'CVE-2025-32793',
  when: 'scenario',
  scenario: 'pod-churn',
  cells: [cell({ mode: 'ipsec' }, 'LIF-02'), cell({ mode: 'wireguard' }, 'LIF-02')],
  why: 'only packets of that pod pass unprotected, and only from when the nodes begin to forget it until it is gone: the steady phase never sees them',
  inject: async (context) => {
    if (context.laid === 'none') throw new RangeError('fault L53 needs encryption, but none is set up');
    context.course.beforePodIsForgotten = (pod) => openGap(context, pod, 'L53');
  },
};

/** What was done for a deleted pod is not removed, so it applies to the next pod with its address. */
export const ADDRESS_LEFT_CLEAR: DatapathFault = {
  id: 'L72',
  what: 'what encrypts a pod’s packets goes before the pod that is deleted, and is still missing when another pod is given its address',
  like: 'CVE-2025-32793',
  when: 'scenario',
  scenario: 'pod-delete',
  cells: [cell({ mode: 'ipsec' }, 'LIF-02'), cell({ mode: 'wireguard' }, 'LIF-02')],
  why: 'the last packets of the one and the first of the other are readable; every other pod, and the state of the nodes, is as it should be',
  inject: async (context) => {
    if (context.laid === 'none') throw new RangeError('fault L72 needs encryption, but none is set up');
    let close: (() => Promise<void>) | undefined;
    context.course.beforePodIsForgotten = async (pod) => {
      close ??= await openGap(context, pod, 'L72');
      return async () => {};
    };
    context.course.beforePodIsKnown = async () => async () => close?.();
  },
};
