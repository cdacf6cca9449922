import type { AgentWireguardInterface, EncryptionMode } from '../../agent-items.ts';

const MODES: Readonly<Record<string, EncryptionMode>> = {
  disabled: 'none',
  ipsec: 'ipsec',
  wireguard: 'wireguard',
  ztunnel: 'other',
};

/** The first word of an Encryption value; any word other than Cilium's is `unknown`. */
export function decodeMode(text: string): EncryptionMode {
  return MODES[/^\S+/.exec(text.trim())?.[0].toLowerCase() ?? ''] ?? 'unknown';
}

const INTERFACE = /([^\s,[\](]+) \(Pubkey: ([^,()]*), Port: (\d+), Peers: (\d+)\)/g;

/** `[NodeEncryption: Disabled, cilium_wg0 (Pubkey: K, Port: 51871, Peers: 2)]`; `whole` is false when a part is not understood. */
export function decodeWireguardBrackets(text: string): { nodeEncryption?: string; interfaces: AgentWireguardInterface[]; whole: boolean } {
  const interfaces: AgentWireguardInterface[] = [...text.matchAll(INTERFACE)].map(([, name = '', publicKey = '', port, peers]) => ({
    name,
    publicKey,
    listenPort: Number(port),
    peerCount: Number(peers),
  }));
  const node = /NodeEncryption: ([^,\]]+)/.exec(text)?.[1]?.trim();
  const rest = text.replace(INTERFACE, '').replace(/NodeEncryption: [^,\]]+/, '');
  return { ...(node === undefined ? {} : { nodeEncryption: node }), interfaces, whole: /^[[\],\s]*$/.test(rest) };
}
