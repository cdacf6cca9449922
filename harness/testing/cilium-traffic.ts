import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterDescription } from '../model/cluster.ts';
import type { FlowEnd, FlowPath, Instant, TrafficRecord } from '../model/recording.ts';

/** The first 16 bytes of the text in the recordings' HTTP answers, as the hex digits of the canary. */
export const FIXTURE_CANARY = Buffer.from('CANARY-012345678', 'latin1').toString('hex');

/** These recordings have no times of our clocks. */
export const UNKNOWN_TIME: Instant = { utc: '2026-11-21T11:00:00.000Z', monotonicMs: 0 };

interface Driven {
  readonly path: FlowPath;
  readonly from: 'a' | 'b' | 'node1' | 'node2';
  readonly to: 'a' | 'b' | 'node1' | 'node2';
  readonly protocol: 'icmp' | 'tcp';
  readonly sent: number;
  readonly answered: number;
}

/** The traffic in `base.traffic.txt`: pings with their statistics, and HTTP with the canary. */
export function baseTraffic(folder: string, cluster: ClusterDescription): TrafficRecord[] {
  const sections = readFileSync(join(folder, 'base.traffic.txt'), 'utf8').split(/^# /m);
  const section = (title: RegExp): string => sections.find((s) => title.test(s)) ?? '';
  const first = section(/^pod a .* -> pod b/);
  const served = first.includes('CANARY-0123456789-CLEARTEXT') ? 1 : 0;
  const drives: Driven[] = [
    { path: 'pod-pod', from: 'a', to: 'b', protocol: 'icmp', ...pingCount(first) },
    { path: 'pod-pod', from: 'a', to: 'b', protocol: 'tcp', sent: 1, answered: served },
    { path: 'node-pod', from: 'node1', to: 'b', protocol: 'icmp', ...pingCount(section(/^host node1 -> pod b/)) },
    { path: 'pod-node', from: 'a', to: 'node2', protocol: 'icmp', ...pingCount(section(/^pod a -> node2/)) },
    { path: 'node-node', from: 'node1', to: 'node2', protocol: 'icmp', ...pingCount(section(/^node1 -> node2/)) },
  ];
  return drives.map((drive) => recordOf(drive, cluster));
}

/** The pings that ran in both directions while something was changed: `<prefix>.ping-a-to-b.txt`, `<prefix>.ping-b-to-a.txt`. */
export function pingTraffic(folder: string, prefix: string, cluster: ClusterDescription): TrafficRecord[] {
  const count = (file: string) => pingCount(readFileSync(join(folder, `${prefix}.${file}.txt`), 'utf8'));
  return [
    recordOf({ path: 'pod-pod', from: 'a', to: 'b', protocol: 'icmp', ...count('ping-a-to-b') }, cluster),
    recordOf({ path: 'pod-pod', from: 'b', to: 'a', protocol: 'icmp', ...count('ping-b-to-a') }, cluster),
  ];
}

/** The statistics that ping prints at its end. */
export function pingCount(text: string): { sent: number; answered: number } {
  const match = /(\d+) packets transmitted, (\d+) received/.exec(text);
  return { sent: Number(match?.[1] ?? 0), answered: Number(match?.[2] ?? 0) };
}

function recordOf(drive: Driven, cluster: ClusterDescription): TrafficRecord {
  return {
    phase: 'encrypted',
    id: `${drive.path}/${drive.protocol}/${drive.from}-${drive.to}`,
    path: drive.path,
    family: 'ipv4',
    protocol: drive.protocol,
    source: endOf(drive.from, cluster),
    destination: endOf(drive.to, cluster),
    port: null,
    canary: drive.protocol === 'tcp' ? FIXTURE_CANARY : '',
    sent: drive.sent,
    answered: drive.answered,
    answeredBy: [],
    startedAt: UNKNOWN_TIME,
    endedAt: UNKNOWN_TIME,
    note: '',
  };
}

function endOf(name: Driven['from'], cluster: ClusterDescription): FlowEnd {
  if (name === 'node1' || name === 'node2') {
    const node = cluster.nodes.find((n) => n.name === name);
    return { name, kind: 'node', node: name, address: node?.addresses[0] ?? '' };
  }
  const pod = cluster.pods.find((p) => p.name === `demo-${name}`);
  return { name: `demo/demo-${name}`, kind: 'pod', node: pod?.node ?? null, address: pod?.addresses[0] ?? '' };
}
