import type { WireguardPeer } from '../../decode/kernel/wireguard-items.ts';

/** Address of a peer's endpoint without port and brackets; empty when none is known. */
export function endpointAddress(peer: WireguardPeer): string {
  return (peer.endpoint ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

/** Port of a peer's endpoint; null when none is known. */
export function endpointPort({ endpoint = '' }: WireguardPeer): number | null {
  const port = /:(\d{1,5})$/.exec(endpoint)?.[1];
  return port === undefined ? null : Number(port);
}
