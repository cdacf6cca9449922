import * as z from 'zod';
import type { Mode } from './mode.ts';

/** Where the keys that protect the traffic, or that authenticate the ends which agree on them, come from. */
export const KEY_SOURCES = ['secret', 'wireguard-device', 'mesh-ca', 'spire'] as const;

export const keySourceSchema = z.enum(KEY_SOURCES);
export type KeySource = z.output<typeof keySourceSchema>;

/** The sources that a mode can have, its usual one first. */
export const KEY_SOURCES_OF: Readonly<Record<Mode, readonly KeySource[]>> = {
  ipsec: ['secret'],
  wireguard: ['wireguard-device'],
  tls: ['mesh-ca', 'spire'],
  none: [],
};

/** In texts. */
export const KEY_SOURCE_NAMES: Readonly<Record<KeySource, string>> = {
  secret: 'a Secret of the cluster',
  'wireguard-device': 'the WireGuard device of each node',
  'mesh-ca': 'the certificate authority of the mesh',
  spire: 'SPIRE',
};

/** The source that an intent claims: by its mode if it names none; null where nothing is encrypted. */
export function keySourceOf({ mode, keySource }: { readonly mode: Mode; readonly keySource?: KeySource }): KeySource | null {
  return keySource ?? KEY_SOURCES_OF[mode][0] ?? null;
}
