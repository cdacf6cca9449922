import type { WireguardDevice } from '../../decode/kernel/wireguard-items.ts';
import type { WireguardKeyAsset } from '../../model/crypto.ts';
import type { CommandRecord, Recording, Snapshot } from '../../model/recording.ts';
import { readWireguard, wireguardDeviceOf } from '../state/wireguard-reader.ts';
import { textOf } from './command-text.ts';
import { type CryptoReading, sightings } from './sightings.ts';

const SNAPSHOTS: readonly Snapshot[] = ['clear', 'before', 'after', 'end'];
/** Base64 of 32 bytes. */
const PUBLIC_KEY = /^[A-Za-z0-9+/]{43}=$/;

type Shown = Pick<WireguardKeyAsset, 'publicKey' | 'peers' | 'presharedKeys' | 'presharedUnknown'>;

/** Every static key of every node's WireGuard device, by node and the order in which they were first seen. Samples have only the key. */
export async function wireguardKeys(recording: Recording, gaps: string[]): Promise<readonly WireguardKeyAsset[]> {
  if (recording.manifest.intent.mode !== 'wireguard') return [];
  const device = wireguardDeviceOf(recording);
  const assets: WireguardKeyAsset[] = [];
  for (const { name } of recording.manifest.cluster.nodes) {
    const snapshots = await snapshotReadings(recording, name, gaps);
    const readings = [...snapshots, ...(await sampleReadings(recording, name, snapshots, gaps))];
    if (readings.length === 0) gaps.push(`${name}: the recording has no readable state of ${device}`);
    const found = sightings(readings).map(
      ({ value, seen }): WireguardKeyAsset => ({ kind: 'wireguard-key', interface: device, ...value, ...seen }),
    );
    assets.push(...found);
  }
  return assets;
}

async function snapshotReadings(recording: Recording, node: string, gaps: string[]): Promise<CryptoReading<Shown>[]> {
  const readings: CryptoReading<Shown>[] = [];
  for (const snapshot of SNAPSHOTS) {
    const datum = await readWireguard(recording, { snapshot, node });
    if (!datum.ok) {
      if (!datum.absent) gaps.push(datum.reason);
      continue;
    }
    const command = datum.commands[0];
    if (command !== undefined) readings.push({ command, shown: shownBy(datum.value, `${node} ${snapshot}`, gaps) });
  }
  return readings;
}

function shownBy(device: WireguardDevice | null, place: string, gaps: string[]): ReadonlyMap<string, Shown> {
  if (device === null) return new Map();
  if (device.publicKey === undefined) {
    gaps.push(`${place}: the public key of its WireGuard device was not printed`);
    return new Map();
  }
  const shown: Shown = {
    publicKey: device.publicKey,
    peers: device.peers.map((peer) => peer.publicKey).sort(),
    presharedKeys: device.peers.filter((peer) => peer.presharedKey === 'set').length,
    presharedUnknown: device.peers.filter((peer) => peer.presharedKey === 'unknown').length,
  };
  return new Map([[device.publicKey, shown]]);
}

async function sampleReadings(
  recording: Recording,
  node: string,
  snapshots: readonly CryptoReading<Shown>[],
  gaps: string[],
): Promise<CryptoReading<Shown>[]> {
  const known = new Map(snapshots.flatMap(({ shown }) => [...shown]));
  const readings: CryptoReading<Shown>[] = [];
  const commands = recording.manifest.commands.filter((c) => c.snapshot === 'sample' && c.node === node && c.collector === 'wg-public-key');
  for (const command of commands) {
    const key = await keyOf(recording, command, gaps);
    if (key === null) continue;
    const shown = known.get(key) ?? { publicKey: key, peers: [], presharedKeys: 0, presharedUnknown: 0 };
    readings.push({ command, shown: new Map([[key, shown]]) });
  }
  return readings;
}

async function keyOf(recording: Recording, command: CommandRecord, gaps: string[]): Promise<string | null> {
  const text = await textOf(recording, command, gaps);
  const key = text?.trim() ?? '';
  if (PUBLIC_KEY.test(key)) return key;
  if (text !== null) gaps.push(`${command.node} sample: ${command.stdout} is no public key`);
  return null;
}
