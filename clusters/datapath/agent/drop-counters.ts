import type { Shell } from '../../../harness/model/shell.ts';
import { WORDS } from '../../../harness/stacks/cilium/words.ts';
import { applyScript } from '../apply.ts';
import { STRICT_INGRESS } from '../plan/strict-mode.ts';

/** What a packet filter of the kernel counted. */
interface Counted {
  readonly bytes: number;
  readonly packets: number;
}

/** What strict mode for ingress dropped at a node's uplink; null where no filter is there. @throws LayoutError when tc cannot be asked */
export async function readIngressDrops(shell: Shell, uplink: string): Promise<Counted | null> {
  const script = STRICT_INGRESS.map((pref) => `tc -s filter show dev ${uplink} ingress pref ${pref}\n`).join('');
  const output = await applyScript(shell, script, 'reading the counters of dropped packets');
  const sent = [...output.matchAll(/Sent (\d+) bytes (\d+) pkt/g)].map(([, bytes, packets]) => ({
    bytes: Number(bytes),
    packets: Number(packets),
  }));
  if (sent.length === 0) return null;
  return sent.reduce((sum, one) => ({ bytes: sum.bytes + one.bytes, packets: sum.packets + one.packets }));
}

/**
 * `cilium-dbg bpf metrics list`. The lab has none of Cilium's programs, which count every packet: only strict mode for ingress is counted,
 * by the filters that stand for it.
 */
export function dropCountersText(dropped: Counted | null): string {
  const row = dropped === null || dropped.packets === 0 ? [] : [[WORDS.droppedAsClear, 'INGRESS', dropped.packets, dropped.bytes]];
  const lines = [['REASON', 'DIRECTION', 'PACKETS', 'BYTES'], ...row].map((words) => words.join('   '));
  return `${lines.join('\n')}\n`;
}
