import type { EncryptionKeys } from '../../../harness/model/cluster.ts';
import type { DatapathContext } from '../context.ts';
import { rotateIpsec } from './rotate-ipsec.ts';
import { awaitNewSessions, rotateNodeKey } from './rotate-wireguard.ts';

/** Told of each step as it begins; the rotation goes on when it has resolved. */
export type RotationStep = Parameters<NonNullable<EncryptionKeys['rotate']>>[0];

/** Rotate the key of what is laid out. @throws RangeError where nothing is encrypted */
export async function rotate(context: DatapathContext, step: RotationStep): Promise<void> {
  if (context.laid === 'none') throw new RangeError('there is no key to rotate: encryption is off');
  if (context.laid === 'ipsec') await rotateIpsec(context, step);
  else if (context.options.wireguardRotation === 'session') await awaitNewSessions(context, step);
  else await rotateNodeKey(context, step);
}
