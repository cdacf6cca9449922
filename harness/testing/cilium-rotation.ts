import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant, Snapshot } from '../model/recording.ts';
import { clusterOf } from './cilium-cluster.ts';
import { agentCapture, agentRecording } from './cilium-fixture.ts';
import { pingTraffic } from './cilium-traffic.ts';
import type { MemoryRecording } from './memory-recording.ts';
import type { OutputParts } from './recording.ts';

/** The day of the recordings of real agents; their files have only the time of day. */
const DAY = '2026-11-21';

/**
 * A recording of a key rotation on a real cluster, from `<prefix>.*`: the wire, pings both ways, what node1's kernel and the CiliumNodes
 * said again and again. Node2's kernel was not sampled, the capture has no beacons, and it ends before the grace time: checks that need
 * these find them missing.
 */
export function ciliumRotationRecording(folder: string, prefix: string): MemoryRecording {
  const read = (part: string): string => readFileSync(join(folder, `${prefix}.${part}.txt`), 'utf8');
  const api = (snapshot: Snapshot, { at, text }: { at: Instant; text: string }): OutputParts => ({
    snapshot,
    node: null,
    collector: 'cilium-nodes',
    at,
    stdout: text,
  });
  const published = publishedOf(read('ciliumnode-keys'));
  const [first, last] = [published.at(0), published.at(-1)];
  const started = momentIn(read('events').split('\n')[0] ?? '');
  if (first === undefined || last === undefined || started === null)
    throw new Error(`${prefix}: the file of events or of CiliumNodes does not begin with a time`);
  // The pings ran from before the first sample until after the last.
  const [begin, end] = [first.at, last.at];
  const file = `${prefix}.wire.pcap`;
  return agentRecording(folder, {
    run: { scenario: 'rotation' },
    outputs: [
      ...statesOf(read('samples.node1')).map(
        ({ at, states }): OutputParts => ({ snapshot: 'sample', node: 'node1', collector: 'xfrm-state', at, stdout: states }),
      ),
      ...published.map((sample) => api('sample', sample)),
      api('before', first),
      api('end', last),
    ],
    // One capture of everything is used for both captures of a window.
    captures: (['sentinel', 'cipher'] as const).map((kind) => agentCapture(folder, file, { phase: 'window', kind })),
    traffic: pingTraffic(folder, prefix, clusterOf(folder)).map((t) => ({ ...t, phase: 'window', startedAt: begin, endedAt: end })),
    events: [
      { at: begin, event: 'window-started', detail: {} },
      { at: started, event: 'rotation-started', detail: {} },
      { at: end, event: 'rotation-ended', detail: {} },
      { at: end, event: 'window-ended', detail: {} },
    ],
  });
}

/** The time of day at the start of a line. */
function momentIn(line: string): Instant | null {
  const time = /^(?:@ )?(\d\d:\d\d:\d\d\.\d{3})/.exec(line)?.[1];
  if (time === undefined) return null;
  const utc = `${DAY}T${time}Z`;
  return { utc, monotonicMs: Date.parse(utc) };
}

/** Each sample's `STATE` lines, as iproute2 prints SAs. */
function statesOf(text: string): { at: Instant; states: string }[] {
  return text.split(/^(?=@ )/m).flatMap((sample) => {
    const at = momentIn(sample);
    if (at === null) return [];
    const lines = [...sample.matchAll(/^STATE src (\S+) dst (\S+) \| (0x[0-9a-f]{8})/gm)];
    const states = lines.map(
      ([, src, dst, spi]) => `src ${src} dst ${dst}\n\tproto esp spi ${spi} reqid 1 mode tunnel\n\treplay-window 0 \n`,
    );
    return [{ at, states: states.join('') }];
  });
}

/** `11:45:27.308 node1=3 node2=3`, as CiliumNode objects. */
function publishedOf(text: string): { at: Instant; text: string }[] {
  return text.split('\n').flatMap((line) => {
    const at = momentIn(line);
    if (at === null) return [];
    const items = [...line.matchAll(/(\S+)=(\d+)/g)].map(([, name, key]) => ({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNode',
      metadata: { name },
      spec: { addresses: [], ipam: { podCIDRs: [] }, encryption: { key: Number(key) } },
    }));
    return [{ at, text: JSON.stringify({ items }) }];
  });
}
