import type { Decoded, UnparsedLine } from '../decoded.ts';
import { type Draft, textLines, unparsedWireguardLine } from './lines.ts';
import { DEVICE, decodeAllowedIps, decodeEndpoint, decodeOffOr, PUBLIC_KEY } from './wireguard-fields.ts';
import type { WireguardDevice, WireguardPeer } from './wireguard-items.ts';

/**
 * The subcommands of `wg show DEVICE …` that read a device's state. They print no private and no preshared key; `dump` and `showconf` do
 * and are never run. {@link PRESHARED_KEYS} prints the second kind and is read apart, through `redactPresharedKeys`.
 */
export const WIREGUARD_STATE = [
  'public-key',
  'listen-port',
  'fwmark',
  'peers',
  'endpoints',
  'allowed-ips',
  'latest-handshakes',
  'transfer',
] as const;
/** The subcommand that prints each peer's preshared key, or `(none)`. */
export const PRESHARED_KEYS = 'preshared-keys';
/** Every subcommand that can be joined to a device; the preshared keys after redaction. */
export const WIREGUARD_SUBCOMMANDS = [...WIREGUARD_STATE, 'persistent-keepalive', PRESHARED_KEYS] as const;
export type WireguardSubcommand = (typeof WIREGUARD_SUBCOMMANDS)[number];

type PeerDraft = Draft<WireguardPeer>;
type DeviceDraft = Omit<Draft<WireguardDevice>, 'peers'> & { peers: PeerDraft[] };

const COUNT = /^\d{1,15}$/;
/** What `redactPresharedKeys` writes in place of a key. */
const REDACTED_KEY = /^<key:256:([^>\s]+)>$/;

function readDevice(device: DeviceDraft, subcommand: WireguardSubcommand, [value = '', ...more]: readonly string[]): boolean {
  if (more.length > 0) return false;
  if (subcommand === 'public-key') {
    if (PUBLIC_KEY.test(value)) device.publicKey = value;
    return PUBLIC_KEY.test(value) || value === '(none)';
  }
  if (subcommand === 'listen-port' && /^\d{1,5}$/.test(value)) device.listenPort = Number(value);
  else if (subcommand === 'fwmark' && decodeOffOr(value) !== undefined) device.fwmark = decodeOffOr(value) ?? 0;
  else return false;
  return true;
}

function readPeer(peer: PeerDraft, subcommand: WireguardSubcommand, values: readonly string[]): boolean {
  const [first = '', second = ''] = values;
  if (subcommand === 'peers') return values.length === 0;
  if (subcommand === 'allowed-ips') {
    const prefixes = values.length === 0 ? undefined : decodeAllowedIps(values.join(' '));
    if (prefixes !== undefined) peer.allowedIps.push(...prefixes);
    return prefixes !== undefined;
  }
  if (subcommand === 'transfer') {
    if (values.length !== 2 || !COUNT.test(first) || !COUNT.test(second)) return false;
    Object.assign(peer, { received: Number(first), sent: Number(second), transferExact: true });
    return true;
  }
  if (values.length !== 1) return false;
  if (subcommand === 'endpoints') {
    const endpoint = decodeEndpoint(first);
    if (endpoint !== undefined) peer.endpoint = endpoint;
    return endpoint !== undefined || first === '(none)';
  }
  if (subcommand === PRESHARED_KEYS) {
    const fingerprint = REDACTED_KEY.exec(first)?.[1];
    if (fingerprint === undefined && first !== '(none)') return false;
    peer.presharedKey = fingerprint === undefined ? 'none' : 'set';
    if (fingerprint !== undefined) peer.presharedKeyFingerprint = fingerprint;
    return true;
  }
  if (subcommand === 'latest-handshakes' && COUNT.test(first)) peer.latestHandshake = Number(first);
  else if (subcommand === 'persistent-keepalive' && decodeOffOr(first) !== undefined) peer.persistentKeepalive = decodeOffOr(first) ?? 0;
  else return false;
  return true;
}

/**
 * Builds a device from the outputs of `wg show DEVICE SUBCOMMAND` (or `wg show all SUBCOMMAND`, where each line begins with the device).
 * `device` names it for the first form. Text of an unparsed line begins with the subcommand. Without output there is no device; a peer
 * counts only when `peers` or its own line names it.
 */
export function joinWireguard(parts: Partial<Record<WireguardSubcommand, string>>, device = ''): Decoded<WireguardDevice> {
  const items: DeviceDraft[] = [];
  const unparsed: UnparsedLine[] = [];
  const deviceOf = (name: string): DeviceDraft => {
    const found = items.find((item) => item.name === name);
    if (found !== undefined) return found;
    const made: DeviceDraft = { name, privateKey: 'unknown', peers: [] };
    items.push(made);
    return made;
  };
  const peerOf = (owner: DeviceDraft, publicKey: string): PeerDraft => {
    const found = owner.peers.find((peer) => peer.publicKey === publicKey);
    if (found !== undefined) return found;
    const made: PeerDraft = { publicKey, allowedIps: [], presharedKey: 'unknown' };
    owner.peers.push(made);
    return made;
  };
  for (const subcommand of WIREGUARD_SUBCOMMANDS) {
    const ofDevice = subcommand === 'public-key' || subcommand === 'listen-port' || subcommand === 'fwmark';
    for (const line of textLines(parts[subcommand] ?? '')) {
      const columns = line.words.split(' ');
      // With `all` the device is the first column; a public key is too long for a device name.
      const named = DEVICE.test(columns[0] ?? '') && columns.length > 1 && (ofDevice || PUBLIC_KEY.test(columns[1] ?? ''));
      const name = named ? (columns.shift() ?? '') : device;
      const key = columns[0] ?? '';
      let read = false;
      if (ofDevice) read = readDevice(deviceOf(name), subcommand, columns);
      else if (PUBLIC_KEY.test(key)) read = readPeer(peerOf(deviceOf(name), key), subcommand, columns.slice(1));
      if (!read) unparsed.push(unparsedWireguardLine(line.line, `${subcommand}: ${line.text}`));
    }
  }
  return { items, unparsed: [...unparsed, ...peerless(parts, items)] };
}

/** Subcommands that print a line for every peer. */
const EACH_PEER = ['peers', 'endpoints', 'allowed-ips', 'latest-handshakes', 'transfer', PRESHARED_KEYS] as const;

/** Outputs that name no peer although others do: the outputs are not complete. */
function peerless(parts: Partial<Record<WireguardSubcommand, string>>, items: readonly DeviceDraft[]): UnparsedLine[] {
  const keys = items.flatMap(({ peers }) => peers.map(({ publicKey }) => publicKey));
  if (keys.length === 0) return [];
  const silent = EACH_PEER.filter((subcommand) => parts[subcommand] !== undefined && !keys.some((key) => parts[subcommand]?.includes(key)));
  return silent.map((subcommand) => unparsedWireguardLine(0, `${subcommand}: names none of ${keys.length} peer(s)`));
}
