import type { FrameClass } from '../../model/ledger.ts';

/** Frame classes by code; the dissector uses codes, accounts print names. */
export const CLASS_NAMES: readonly FrameClass[] = [
  'unknown',
  'malformed',
  'truncated',
  'control',
  'clear',
  'tls',
  'ah',
  'ike',
  'esp',
  'wireguard',
];

/** Codes of `CLASS_NAMES`. */
export const Class = {
  UNKNOWN: 0,
  MALFORMED: 1,
  TRUNCATED: 2,
  CONTROL: 3,
  CLEAR: 4,
  TLS: 5,
  AH: 6,
  IKE: 7,
  ESP: 8,
  WIREGUARD: 9,
} as const;

/** Code of a frame class. */
export type Class = (typeof Class)[keyof typeof Class];
