import { isObject, type JsonObject, number, objects, strings, text } from '../../../decode/kernel/json.ts';
import type { AgentWireguardInterface, AgentWireguardPeer } from '../../agent-items.ts';

function decodePeer(peer: JsonObject): AgentWireguardPeer {
  const [endpoint, lastHandshake] = [text(peer, 'endpoint'), text(peer, 'last-handshake-time')];
  const [received, sent] = [number(peer, 'transfer-rx'), number(peer, 'transfer-tx')];
  return {
    publicKey: text(peer, 'public-key') ?? '',
    allowedIps: strings(peer['allowed-ips']),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(lastHandshake === undefined ? {} : { lastHandshake }),
    ...(received === undefined ? {} : { received }),
    ...(sent === undefined ? {} : { sent }),
  };
}

/** The `wireguard` object of the agent's API (models/wireguard_status.go). */
export function decodeWireguardObject(value: unknown): { nodeEncryption?: string; interfaces: AgentWireguardInterface[] } {
  if (!isObject(value)) return { interfaces: [] };
  const nodeEncryption = text(value, 'node-encryption');
  const interfaces = objects(value.interfaces).map((entry): AgentWireguardInterface => {
    const [publicKey, listenPort, peerCount] = [text(entry, 'public-key'), number(entry, 'listen-port'), number(entry, 'peer-count')];
    return {
      name: text(entry, 'name') ?? '',
      ...(publicKey === undefined ? {} : { publicKey }),
      ...(listenPort === undefined ? {} : { listenPort }),
      ...(peerCount === undefined ? {} : { peerCount }),
      ...(Array.isArray(entry.peers) ? { peers: objects(entry.peers).map(decodePeer) } : {}),
    };
  });
  return { ...(nodeEncryption === undefined ? {} : { nodeEncryption }), interfaces };
}
