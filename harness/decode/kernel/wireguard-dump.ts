import type { Decoded, DecodeOptions, Fingerprint, UnparsedLine } from '../decoded.ts';
import { sha256Fingerprint } from './fingerprint.ts';
import { type Draft, textLines, unparsedWireguardLine } from './lines.ts';
import { DEVICE, decodeAllowedIps, decodeEndpoint, decodeOffOr, fingerprintBase64, PUBLIC_KEY } from './wireguard-fields.ts';
import type { WireguardDevice, WireguardPeer } from './wireguard-items.ts';

/** Columns of a device without its name: private key, public key, listen port, fwmark. */
function readDevice(name: string, columns: readonly string[], fingerprint: Fingerprint): WireguardDevice | undefined {
  const [secret = '', publicKey = '', port, mark] = columns;
  const [listenPort, fwmark] = [port !== undefined && /^\d{1,5}$/.test(port) ? Number(port) : undefined, decodeOffOr(mark)];
  if (columns.length !== 4 || listenPort === undefined || fwmark === undefined) return undefined;
  if (!isKeyOrNone(secret) || !isKeyOrNone(publicKey)) return undefined;
  const device: Draft<WireguardDevice> = {
    name,
    listenPort,
    fwmark,
    privateKey: secret === '(none)' ? 'none' : secret === '(hidden)' ? 'unknown' : 'set',
    peers: [],
  };
  if (publicKey !== '(none)') device.publicKey = publicKey;
  const print = fingerprintBase64(secret, fingerprint);
  if (print !== undefined) device.privateKeyFingerprint = print;
  return device;
}

/** Columns of a peer without the device: public key, preshared key, endpoint, allowed IPs, handshake, received, sent, keepalive. */
function readPeer(columns: readonly string[], fingerprint: Fingerprint): WireguardPeer | undefined {
  const [publicKey = '', preshared = '', end = '', allowed = '', handshake = '', received = '', sent = '', keepalive] = columns;
  const [endpoint, allowedIps, persistentKeepalive] = [decodeEndpoint(end), decodeAllowedIps(allowed), decodeOffOr(keepalive)];
  if (columns.length !== 8 || !PUBLIC_KEY.test(publicKey) || !isKeyOrNone(preshared)) return undefined;
  if ((endpoint === undefined && end !== '(none)') || allowedIps === undefined || persistentKeepalive === undefined) return undefined;
  if (![handshake, received, sent].every((column) => /^\d{1,15}$/.test(column))) return undefined;
  const print = fingerprintBase64(preshared, fingerprint);
  return {
    publicKey,
    ...(endpoint === undefined ? {} : { endpoint }),
    allowedIps,
    latestHandshake: Number(handshake),
    received: Number(received),
    sent: Number(sent),
    transferExact: true,
    persistentKeepalive,
    presharedKey: preshared === '(none)' ? 'none' : preshared === '(hidden)' ? 'unknown' : 'set',
    ...(print === undefined ? {} : { presharedKeyFingerprint: print }),
  };
}

function isKeyOrNone(text: string): boolean {
  return text === '(none)' || text === '(hidden)' || PUBLIC_KEY.test(text);
}

/**
 * Reads `wg show all dump` (device in the first column) and `wg show DEVICE dump`, columns by TAB or blanks. The private key in the second
 * column becomes a fingerprint. Peers of a device that was not printed are listed under a device without facts.
 */
export function decodeWireguardDump(text: string, options: DecodeOptions = {}): Decoded<WireguardDevice> {
  const fingerprint = options.fingerprint ?? sha256Fingerprint;
  const items: WireguardDevice[] = [];
  const unparsed: UnparsedLine[] = [];
  const under = (name: string): WireguardDevice => {
    let device = items.findLast((item) => item.name === name);
    if (device === undefined) {
      device = { name, privateKey: 'unknown', peers: [] };
      items.push(device);
    }
    return device;
  };
  for (const line of textLines(text)) {
    const columns = line.words.split(' ');
    const named = columns.length === 5 || columns.length === 9;
    const name = named ? (columns.shift() ?? '') : '';
    const device = DEVICE.test(name) || !named ? readDevice(name, columns, fingerprint) : undefined;
    const peer = DEVICE.test(name) || !named ? readPeer(columns, fingerprint) : undefined;
    if (device !== undefined) items.push(device);
    else if (peer !== undefined) under(name).peers.push(peer);
    else unparsed.push(unparsedWireguardLine(line.line, line.text));
  }
  return { items, unparsed };
}
