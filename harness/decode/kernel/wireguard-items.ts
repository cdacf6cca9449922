/** A peer of a WireGuard device. `publicKey` is base64, 44 characters. A preshared key is never here. */
export interface WireguardPeer {
  readonly publicKey: string;
  /** `address:port`, IPv6 in brackets; absent when none is known. */
  readonly endpoint?: string;
  readonly allowedIps: string[];
  /** Unix seconds; 0 when there never was a handshake; absent when the form does not print it so. */
  readonly latestHandshake?: number;
  /** Age in seconds as the human form prints it. */
  readonly handshakeAgeSeconds?: number;
  /** Bytes; rounded to the printed unit in the human form (`transferExact` false). */
  readonly received?: number;
  readonly sent?: number;
  readonly transferExact?: boolean;
  /** Seconds; 0 when off. */
  readonly persistentKeepalive?: number;
  readonly presharedKey: 'none' | 'set' | 'unknown';
  /** Fingerprint of a preshared key that was printed in the clear. */
  readonly presharedKeyFingerprint?: string;
}

/**
 * A WireGuard device, from `decodeWireguardShow(text)` and `decodeWireguardDump(text, options?)`, and built from the subcommands without
 * keys by `joinWireguard(parts)`; all in `wireguard-*.ts`, all `Decoded<WireguardDevice>`.
 */
export interface WireguardDevice {
  /** Empty when the form does not print it (`wg show wg0 dump`). */
  readonly name: string;
  readonly publicKey?: string;
  readonly listenPort?: number;
  /** Unsigned; 0 when off. */
  readonly fwmark?: number;
  readonly privateKey: 'set' | 'none' | 'unknown';
  readonly privateKeyFingerprint?: string;
  readonly peers: WireguardPeer[];
}
