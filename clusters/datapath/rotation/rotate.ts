import type { DatapathContext, RotationStep } from '../context.ts';
import { rotateIpsec } from './rotate-ipsec.ts';
import { awaitNewSessions, rotateNodeKey } from './rotate-wireguard.ts';

/** Rotate the key of the configured mode. @throws RangeError if nothing is encrypted */
export async function rotate(context: DatapathContext, step: RotationStep): Promise<void> {
  if (context.laid === 'none') throw new RangeError('there is no key to rotate: encryption is off');
  if (context.laid === 'ipsec') await rotateIpsec(context, step);
  else if (context.options.wireguardRotation === 'session') await awaitNewSessions(context, step);
  else await rotateNodeKey(context, step);
}
