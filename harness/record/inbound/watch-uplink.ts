import type { Routing } from '../../model/mode.ts';
import type { Shell } from '../../model/shell.ts';
import { LIMITS_MS } from '../../proc/limits.ts';
import { asUnanswered } from '../../proc/unanswered.ts';
import { TUNNEL_PORT } from '../../stacks/frame-bytes.ts';
import { type InboundEnds, TUNNEL_SOURCE_PORT } from './inbound-packet.ts';

/** What an uplink showed of one text. */
export interface UplinkSight {
  /** Frames with the text, readable. */
  readonly frames: number;
  /** Why they may have been missed, else empty. */
  readonly problem: string;
}

/**
 * Look at a node's uplink while a packet is sent towards it: one that does not arrive, or not in the clear, tests nothing. Returns when the
 * capture is ready, or cannot be made, a function that ends it and says how often a text (ASCII) was in it.
 */
export async function watchUplink(
  host: Shell,
  uplink: string,
  filter: string,
  signal?: AbortSignal,
): Promise<(text: string) => Promise<UplinkSight>> {
  const argv = ['tcpdump', '-n', '-l', '-xx', '-s', '512', '-i', uplink, filter];
  const command = await host.start(argv, signal === undefined ? {} : { signal });
  const failure = await command.ready(/listening on /, LIMITS_MS.open).then(
    () => '',
    (error: Error) => error.message,
  );
  return async (text) => {
    const { stdout, stderr } = await command.stop().catch(asUnanswered(argv));
    const problem = failure === '' ? '' : `${uplink} of ${host.name} was not watched: ${stderr.trim() || failure}`;
    return { frames: framesOf(stdout).filter((bytes) => bytes.includes(text)).length, problem };
  };
}

/** The filter (pcap-filter(7)) of a packet as it comes from the wire. */
export function inboundFilter({ pods, nodes, ports }: InboundEnds, routing: Routing): string {
  const [[from, to], [sport, dport]] =
    routing === 'native' ? ([pods, ports] as const) : ([nodes, [TUNNEL_SOURCE_PORT, TUNNEL_PORT[routing]]] as const);
  return `src host ${from} and dst host ${to} and udp src port ${sport} and udp dst port ${dport}`;
}

/** The frames that `tcpdump -xx` prints: each a line of words, then lines of an offset and bytes in hexadecimal. */
export function framesOf(text: string): Buffer[] {
  const frames: string[] = [];
  for (const line of text.split('\n')) {
    const bytes = /^\s+0x[0-9a-f]{4}:\s+([0-9a-f ]+?)\s*$/.exec(line)?.[1];
    if (bytes === undefined) frames.push('');
    else frames.push(`${frames.pop() ?? ''}${bytes.replaceAll(' ', '')}`);
  }
  return frames.filter((hex) => hex !== '').map((hex) => Buffer.from(hex, 'hex'));
}
