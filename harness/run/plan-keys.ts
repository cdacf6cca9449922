import type { WireguardRotation } from '../../clusters/datapath/course.ts';
import { ExitError } from './exit-error.ts';

/** The flags about the lab's keys, as on the command line. */
export interface KeyFlags {
  readonly keyId?: string;
  /** Seconds. */
  readonly keyGrace?: string;
  readonly wireguardRotation?: WireguardRotation;
}

/** The lab's keys at the start, and how they are rotated. */
export interface KeyPlan {
  /** IPsec key id (SPI). */
  readonly keyId?: number;
  /** Milliseconds during which two IPsec keys are valid in a rotation. */
  readonly graceMs?: number;
  readonly wireguardRotation?: WireguardRotation;
}

const LAST_KEY_ID = 15;

/** Cilium's default is 5 minutes; nobody waits longer than an hour. */
const LONGEST_GRACE_S = 3600;

/** @throws ExitError (usage) for an id that Cilium does not allow as SPI, or an invalid time */
export function planKeys({ keyId, keyGrace, wireguardRotation }: KeyFlags): KeyPlan {
  const id = Number(keyId);
  const grace = Number(keyGrace);
  if (keyId !== undefined && !(Number.isInteger(id) && id >= 1 && id <= LAST_KEY_ID))
    throw ExitError.usage(`--key-id ${keyId}: must be a whole number from 1 to ${LAST_KEY_ID}`);
  if (keyGrace !== undefined && !(grace > 0 && grace <= LONGEST_GRACE_S))
    throw ExitError.usage(`--key-grace ${keyGrace}: must be a number of seconds above 0 and up to ${LONGEST_GRACE_S}`);
  return {
    ...(keyId === undefined ? {} : { keyId: id }),
    ...(keyGrace === undefined ? {} : { graceMs: grace * 1000 }),
    ...(wireguardRotation === undefined ? {} : { wireguardRotation }),
  };
}
