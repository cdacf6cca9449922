import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureRecord, CommandRecord, Instant, JournalEvent, RecordingManifest, Snapshot } from '../model/recording.ts';
import { clusterOf } from './cilium-cluster.ts';
import { ciliumRecording } from './cilium-fixture.ts';
import { pingTraffic } from './cilium-traffic.ts';
import { type MemoryRecording, memoryRecording } from './memory-recording.ts';

/** The day on which the recordings of real agents were made; their files give the time of day only. */
const DAY = '2026-11-21';

/**
 * A recording of a key rotation on a real cluster, from `<prefix>.*`: the wire, pings both ways, what node1's kernel and the
 * CiliumNodes said again and again. Node2's kernel was not sampled, the capture has no beacons, and it ends before the grace
 * time does: checks that ask for these find them missing.
 */
export function ciliumRotationRecording(folder: string, prefix: string): MemoryRecording {
  const read = (part: string): string => readFileSync(join(folder, `${prefix}.${part}.txt`), 'utf8');
  const files = new Map<string, string | Uint8Array>();
  const commands: CommandRecord[] = [];
  const add = (snapshot: Snapshot, node: string | null, collector: string, at: Instant, text: string): void => {
    const stdout = `commands/${snapshot}/${node ?? 'api'}/${commands.length}-${collector}.txt`;
    files.set(stdout, text).set(`${stdout}.err`, '');
    const shell = node === null ? 'api' : 'host';
    commands.push({
      snapshot,
      node,
      shell,
      collector,
      argv: [collector],
      exitCode: 0,
      stdout,
      stderr: `${stdout}.err`,
      startedAt: at,
      endedAt: at,
    });
  };
  for (const { at, states } of statesOf(read('samples.node1'))) add('sample', 'node1', 'xfrm-state', at, states);
  const published = publishedOf(read('ciliumnode-keys'));
  for (const { at, text } of published) add('sample', null, 'cilium-nodes', at, text);
  const [first, last] = [published.at(0), published.at(-1)];
  if (first !== undefined) add('before', null, 'cilium-nodes', first.at, first.text);
  if (last !== undefined) add('end', null, 'cilium-nodes', last.at, last.text);
  const started = momentIn(read('events').split('\n')[0] ?? '');
  if (started === null) throw new Error(`${prefix}.events.txt does not begin with a time`);
  const { manifest: base } = ciliumRecording(folder);
  const file = `${prefix}.wire.pcap`;
  files.set(file, readFileSync(join(folder, file)));
  const whole = base.captures.find((c) => c.vantage === 'wire');
  if (whole === undefined) throw new Error(`${folder} has no capture of the wire`);
  // The pings ran from before the first sample until after the last.
  const [begin, end] = [first?.at ?? started, last?.at ?? started];
  // One capture of everything serves for both that a window has.
  const captures = (['sentinel', 'cipher'] as const).map((kind): CaptureRecord => ({ ...whole, phase: 'window', kind, file }));
  const manifest: RecordingManifest = {
    ...base,
    run: { ...base.run, scenario: 'rotation' },
    commands,
    captures,
    traffic: pingTraffic(folder, prefix, clusterOf(folder)).map((t) => ({
      ...t,
      phase: 'window' as const,
      startedAt: begin,
      endedAt: end,
    })),
  };
  const events: JournalEvent[] = [
    { at: begin, event: 'window-started', detail: {} },
    { at: started, event: 'rotation-started', detail: {} },
    { at: end, event: 'rotation-ended', detail: {} },
    { at: end, event: 'window-ended', detail: {} },
  ];
  return memoryRecording(manifest, files, events);
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
