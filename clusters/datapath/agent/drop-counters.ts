import type { Shell } from '../../../harness/model/shell.ts';
import { WORDS } from '../../../harness/stacks/cilium/words.ts';
import { applyScript } from '../apply.ts';
import { STRICT_INGRESS } from '../plan/strict-mode.ts';

/** What a packet filter of the kernel counted. */
interface Counted {
  readonly bytes: number;
  readonly packets: number;
}

/** What strict mode for ingress dropped at a node's uplink; null where the filter is not there. @throws LayoutError when tc cannot be asked */
export async function readIngressDrops(shell: Shell, uplink: string): Promise<Counted | null> {
  const script = `tc -s filter show dev ${uplink} ingress pref ${STRICT_INGRESS}\n`;
  const output = await applyScript(shell, script, 'reading the counters of dropped packets');
  const sent = /Sent (\d+) bytes (\d+) pkt/.exec(output);
  return sent === null ? null : { bytes: Number(sent[1]), packets: Number(sent[2]) };
}

/**
 * `cilium-dbg bpf metrics list`. The lab has none of Cilium's programs, which count every packet: only strict mode for ingress is counted,
 * by the filter that stands for it.
 */
export function dropCountersText(dropped: Counted | null): string {
  const row = dropped === null || dropped.packets === 0 ? [] : [[WORDS.droppedAsClear, 'INGRESS', dropped.packets, dropped.bytes]];
  const lines = [['REASON', 'DIRECTION', 'PACKETS', 'BYTES'], ...row].map((words) => words.join('   '));
  return `${lines.join('\n')}\n`;
}
