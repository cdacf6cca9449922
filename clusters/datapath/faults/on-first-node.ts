import type { Mode } from '../../../harness/model/mode.ts';
import { applyScript } from '../apply.ts';
import { type DatapathContext, ipsecOptions } from '../context.ts';
import type { IpsecOptions } from '../plan/ipsec-states.ts';
import { EMPTY_PLAN } from '../plan/node-plan.ts';
import { planScript } from '../plan/script.ts';
import type { Peer, View } from '../topology.ts';

/** The first node and its first peer, in the mode a fault is about. @throws RangeError in another mode or with one node */
export function firstPair(context: DatapathContext, fault: string, mode: Mode): { view: View; peer: Peer; options: IpsecOptions } {
  if (context.laid !== mode) throw new RangeError(`fault ${fault} needs ${mode}, but ${context.laid} is laid out`);
  const view = context.views[0];
  const peer = view?.peers[0];
  if (view === undefined || peer === undefined) throw new RangeError(`fault ${fault} needs two nodes`);
  return { view, peer, options: ipsecOptions(context) };
}

/** Run `ip -batch` lines on a node; lines with keys stay off argument lists. */
export async function ipBatch(context: DatapathContext, node: string, lines: readonly string[], what: string): Promise<void> {
  await applyScript(context.options.host(node), planScript({ ...EMPTY_PLAN, xfrm: lines }), what);
}
