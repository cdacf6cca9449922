import type { Decoded, DecodeOptions, Fingerprint, UnparsedLine } from '../decoded.ts';
import { sha256Fingerprint } from './fingerprint.ts';
import { type Draft, textLines, unparsedWireguardLine } from './lines.ts';
import { decodeWireguardDump } from './wireguard-dump.ts';
import {
  DEVICE,
  decodeAge,
  decodeAllowedIps,
  decodeEndpoint,
  decodeOffOr,
  decodeSize,
  fingerprintBase64,
  PUBLIC_KEY,
} from './wireguard-fields.ts';
import type { WireguardDevice, WireguardPeer } from './wireguard-items.ts';

type PeerDraft = Draft<WireguardPeer>;
type DeviceDraft = Omit<Draft<WireguardDevice>, 'peers'> & { peers: PeerDraft[] };

function readDevice(device: DeviceDraft, key: string, value: string, fingerprint: Fingerprint): boolean {
  if (key === 'public key' && PUBLIC_KEY.test(value)) device.publicKey = value;
  else if (key === 'private key') {
    device.privateKey = value === '(none)' ? 'none' : 'set';
    const name = fingerprintBase64(value, fingerprint);
    if (name !== undefined) device.privateKeyFingerprint = name;
    return name !== undefined || value === '(hidden)' || value === '(none)';
  } else if (key === 'listening port' && /^\d{1,5}$/.test(value)) device.listenPort = Number(value);
  else if (key === 'fwmark' && decodeOffOr(value) !== undefined) device.fwmark = decodeOffOr(value) ?? 0;
  else return false;
  return true;
}

function readPeer(peer: PeerDraft, key: string, value: string, fingerprint: Fingerprint): boolean {
  if (key === 'endpoint') {
    const endpoint = decodeEndpoint(value);
    if (endpoint !== undefined) peer.endpoint = endpoint;
    return endpoint !== undefined || value === '(none)';
  }
  if (key === 'allowed ips') {
    const prefixes = decodeAllowedIps(value);
    if (prefixes !== undefined) peer.allowedIps.push(...prefixes);
    return prefixes !== undefined;
  }
  if (key === 'latest handshake') return readHandshake(peer, value);
  if (key === 'transfer') {
    const match = /^(.+) received, (.+) sent$/.exec(value);
    const [received, sent] = [decodeSize(match?.[1] ?? ''), decodeSize(match?.[2] ?? '')];
    if (received === undefined || sent === undefined) return false;
    Object.assign(peer, { received, sent, transferExact: false });
    return true;
  }
  if (key === 'persistent keepalive') {
    const match = /^every (.+)$/.exec(value);
    const seconds = value === 'off' ? 0 : decodeAge(`${match?.[1] ?? ''} ago`);
    if (seconds !== undefined) peer.persistentKeepalive = seconds;
    return seconds !== undefined;
  }
  if (key !== 'preshared key') return false;
  peer.presharedKey = value === '(none)' ? 'none' : 'set';
  const name = fingerprintBase64(value, fingerprint);
  if (name !== undefined) peer.presharedKeyFingerprint = name;
  return name !== undefined || value === '(hidden)' || value === '(none)';
}

/** An age, or the RFC 3339 time of an agent's debuginfo. */
function readHandshake(peer: PeerDraft, value: string): boolean {
  const age = decodeAge(value);
  if (age !== undefined) {
    peer.handshakeAgeSeconds = age;
    return true;
  }
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) return false;
  // The year 1 is Go's zero time: there never was a handshake.
  peer.latestHandshake = Math.max(0, Math.floor(time / 1000));
  return true;
}

/** Reads the human form of `wg show`, also the section of an agent's debuginfo. Never throws, never returns a secret key. */
export function decodeWireguardShow(text: string, options: DecodeOptions = {}): Decoded<WireguardDevice> {
  const fingerprint = options.fingerprint ?? sha256Fingerprint;
  const items: DeviceDraft[] = [];
  const unparsed: UnparsedLine[] = [];
  let peer: PeerDraft | undefined;
  for (const line of textLines(text)) {
    const match = /^([a-z][a-z ]*): (.+)$/.exec(line.words);
    const [key, value] = [match?.[1] ?? '', match?.[2] ?? ''];
    const device = items.at(-1);
    if (key === 'interface' && DEVICE.test(value)) {
      items.push({ name: value, privateKey: 'unknown', peers: [] });
      peer = undefined;
    } else if (key === 'peer' && device !== undefined && PUBLIC_KEY.test(value)) {
      // The human form prints a preshared key line only when one is set.
      peer = { publicKey: value, allowedIps: [], presharedKey: 'none' };
      device.peers.push(peer);
    } else {
      const read =
        device !== undefined &&
        (peer === undefined ? readDevice(device, key, value, fingerprint) : readPeer(peer, key, value, fingerprint));
      if (!read) unparsed.push(unparsedWireguardLine(line.line, line.text));
    }
  }
  return { items, unparsed };
}

/** Reads `wg show` or `wg show … dump`, whichever the text is. */
export function decodeWireguard(text: string, options: DecodeOptions = {}): Decoded<WireguardDevice> {
  return /^[ \t]*interface:/m.test(text) ? decodeWireguardShow(text, options) : decodeWireguardDump(text, options);
}
