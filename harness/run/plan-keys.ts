import type { WireguardRotation } from '../../clusters/datapath/course.ts';
import { ExitError } from './exit-error.ts';

/** The flags about the lab's keys, as the command line hands them over. */
export interface KeyFlags {
  readonly keyId?: string;
  readonly wireguardRotation?: WireguardRotation;
}

/** What the lab's keys are at the start, and what a rotation does with them. */
export interface KeyPlan {
  /** IPsec key id (SPI). */
  readonly keyId?: number;
  readonly wireguardRotation?: WireguardRotation;
}

const LAST_KEY_ID = 15;

/** @throws ExitError (usage) for an id that no SPI of Cilium can be */
export function planKeys({ keyId, wireguardRotation }: KeyFlags): KeyPlan {
  const id = Number(keyId);
  if (keyId !== undefined && !(Number.isInteger(id) && id >= 1 && id <= LAST_KEY_ID))
    throw ExitError.usage(`--key-id ${keyId}: must be a whole number from 1 to ${LAST_KEY_ID}`);
  return { ...(keyId === undefined ? {} : { keyId: id }), ...(wireguardRotation === undefined ? {} : { wireguardRotation }) };
}
