import { decodeXfrmState } from '../../decode/kernel/xfrm-state.ts';
import type { ReadTogether } from '../stack.ts';
import { decodeEncryptStatus } from './decode/encrypt-status.ts';

/**
 * The agent counts the keys of the kernel's SAs: if read at different times, they contradict each other while old SAs are removed after a
 * rotation (seen 7 to 17 s apart on a slow node).
 */
export const STATUS_AND_KERNEL: ReadTogether = {
  collectors: ['xfrm-state', 'encrypt-status'],
  difference: (outputs) => {
    const [kernel, status] = [outputs.get('xfrm-state'), outputs.get('encrypt-status')];
    if (kernel === undefined || status === undefined) return null;
    const { keysInUse } = decodeEncryptStatus(status).items[0] ?? {};
    const keys = decodeXfrmState(kernel).items.map(({ aead, auth, enc }) =>
      [aead, auth, enc].map((each) => each?.fingerprint ?? '').join('+'),
    );
    const held = new Set(keys).size;
    return keysInUse === undefined || keysInUse === held ? null : `the agent has ${keysInUse} keys in use, the kernel ${held}`;
  },
};
