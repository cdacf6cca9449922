import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CaptureRecord, Vantage } from '../model/recording.ts';
import { clusterOf, intentOf } from './cilium-cluster.ts';
import { agentOutputs } from './cilium-commands.ts';
import { sampledOutputs } from './cilium-samples.ts';
import { baseTraffic, pingTraffic, UNKNOWN_TIME } from './cilium-traffic.ts';
import type { MemoryRecording } from './memory-recording.ts';
import { buildRecording, type CaptureParts, type RecordingParts } from './recording.ts';

/** The folder of the recordings of real agents: beside the project, outside the repository. */
export const ciliumFixtures = fileURLToPath(new URL('../../../shared/fixtures/cilium/', import.meta.url));

/** Folders of recordings, sorted; empty if this machine does not have them. */
export function ciliumFixtureFolders(): string[] {
  if (!existsSync(ciliumFixtures)) return [];
  return readdirSync(ciliumFixtures, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(ciliumFixtures, entry.name))
    .sort();
}

/**
 * A recording of a healthy real agent: what was read on node1 and on the bridge while `base.traffic.txt` ran.
 *
 * These recordings have no beacons, no closing counters and no un-encrypted phase, and the adapter adds none: a check that needs them is
 * inconclusive.
 */
export function ciliumRecording(folder: string): MemoryRecording {
  const captures = readdirSync(folder)
    .filter((file) => /^base\..*\.pcap$/.test(file))
    .sort()
    .map((file) => agentCapture(folder, file));
  return agentRecording(folder, { outputs: agentOutputs(folder), captures, traffic: baseTraffic(folder, clusterOf(folder)) });
}

/** A recording of what happened on a real cluster while `<prefix>.events.txt` was done: wire capture, pings, samples of node1. */
export function ciliumEventRecording(folder: string, prefix: string): MemoryRecording {
  return agentRecording(folder, {
    outputs: sampledOutputs(readFileSync(join(folder, `${prefix}.samples.node1.txt`), 'utf8')),
    captures: [agentCapture(folder, `${prefix}.wire.pcap`)],
    traffic: pingTraffic(folder, prefix, clusterOf(folder)),
  });
}

const VANTAGES: Readonly<Record<string, Vantage>> = { eth0: 'nic', cilium_vxlan: 'tunnel', cilium_wg0: 'wireguard', lxc: 'pod' };

/** A capture beside the recordings of real agents: `<prefix>.wire.pcap` or `<prefix>.node1.<interface>.pcap`. */
export function agentCapture(folder: string, file: string, record: Partial<CaptureRecord> = {}): CaptureParts {
  const [, node = null, device = ''] = file.split('.');
  const onWire = node === 'wire';
  return {
    phase: 'encrypted',
    frames: [],
    content: readFileSync(join(folder, file)),
    record: {
      // cilium_host and cilium_net carry packets before encryption and after decryption, as the tunnel device does.
      vantage: onWire ? 'wire' : (VANTAGES[device] ?? 'tunnel'),
      node: onWire ? null : node,
      interface: onWire ? 'br0' : device,
      filter: '',
      snapLength: 0,
      file,
      argv: ['tcpdump'],
      readyLine: null,
      startedAt: UNKNOWN_TIME,
      stoppedAt: UNKNOWN_TIME,
      exitCode: null,
      counters: null,
      beacons: { start: '', end: '' },
      ...record,
    },
  };
}

/** A recording of the cluster and the claim that the folder describes. */
export function agentRecording(folder: string, parts: RecordingParts): MemoryRecording {
  const run = { id: basename(folder), startedAt: UNKNOWN_TIME, endedAt: UNKNOWN_TIME, ...parts.run };
  return buildRecording({ ...parts, run, intent: intentOf(folder), cluster: clusterOf(folder) });
}
