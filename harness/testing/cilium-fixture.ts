import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CaptureRecord, RecordingManifest, TrafficRecord, Vantage } from '../model/recording.ts';
import { clusterOf, intentOf } from './cilium-cluster.ts';
import { CommandShelf, shelveCommands } from './cilium-commands.ts';
import { shelveSamples } from './cilium-samples.ts';
import { baseTraffic, pingTraffic, UNKNOWN_TIME } from './cilium-traffic.ts';
import { type MemoryRecording, memoryRecording } from './memory-recording.ts';

/** Where the recordings of real agents lie: beside the project, outside the repository. */
export const ciliumFixtures = fileURLToPath(new URL('../../../shared/fixtures/cilium/', import.meta.url));

/** Folders of recordings, sorted; empty when they are not on this machine. */
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
 * These recordings have no beacons, no closing counters and no un-encrypted phase, and the adapter adds none: a check that
 * asks for them finds the recording inconclusive.
 */
export function ciliumRecording(folder: string): MemoryRecording {
  const cluster = clusterOf(folder);
  const shelf = new CommandShelf();
  shelveCommands(folder, shelf);
  const captures = readdirSync(folder)
    .filter((file) => /^base\..*\.pcap$/.test(file))
    .sort()
    .map(captureOf);
  return assemble(folder, shelf, captures, baseTraffic(folder, cluster));
}

/** A recording of what happened on a real cluster while `<prefix>.events.txt` was done: wire capture, pings, samples of node1. */
export function ciliumEventRecording(folder: string, prefix: string): MemoryRecording {
  const shelf = new CommandShelf();
  shelveSamples(readFileSync(join(folder, `${prefix}.samples.node1.txt`), 'utf8'), shelf);
  const capture = { ...captureOf('base.wire.pcap'), file: `${prefix}.wire.pcap` };
  return assemble(folder, shelf, [capture], pingTraffic(folder, prefix, clusterOf(folder)));
}

const VANTAGES: Readonly<Record<string, Vantage>> = { eth0: 'nic', cilium_vxlan: 'tunnel', cilium_wg0: 'wireguard', lxc: 'pod' };

/** `base.wire.pcap` or `base.node1.<interface>.pcap`. */
function captureOf(file: string): CaptureRecord {
  const [, node, device] = file.split('.');
  const onWire = node === 'wire';
  return {
    phase: 'encrypted',
    // cilium_host and cilium_net carry packets before encryption and after decryption, as the tunnel device does.
    vantage: onWire ? 'wire' : (VANTAGES[device ?? ''] ?? 'tunnel'),
    node: onWire ? null : (node ?? null),
    interface: onWire ? 'br0' : (device ?? ''),
    kind: 'full',
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
  };
}

function assemble(
  folder: string,
  shelf: CommandShelf,
  captures: readonly CaptureRecord[],
  traffic: readonly TrafficRecord[],
): MemoryRecording {
  const files = new Map<string, string | Uint8Array>(shelf.files);
  for (const { file } of captures) files.set(file, readFileSync(join(folder, file)));
  const manifest: RecordingManifest = {
    schema: 1,
    run: {
      id: basename(folder),
      scenario: 'steady',
      fault: null,
      startedAt: UNKNOWN_TIME,
      endedAt: UNKNOWN_TIME,
      complete: true,
      note: '',
    },
    tool: { name: 'wirewitness', version: 'fixture', node: 'fixture' },
    intent: intentOf(folder),
    cluster: clusterOf(folder),
    commands: shelf.commands,
    captures,
    traffic,
    proofs: { decryption: [], derivation: [] },
    files: [],
  };
  return memoryRecording(manifest, files);
}
