import { keyName } from '../harness/judge/state/associations.ts';
import type { Examination } from '../harness/judge/state/examination.ts';
import type { Finding } from '../harness/model/verdict.ts';

/** Whether any kernel printed the key of an SA during this recording: without a key nothing could be proved. */
export function keysWereRead(x: Examination): boolean {
  return x
    .nodes('before', 'after', 'end')
    .some(({ xfrmStates }) => xfrmStates.ok && xfrmStates.value.some((sa) => keyName(sa) !== undefined));
}

/** Why an empty set of proofs proves nothing: no key was available, or the recorder did not try. */
export function withoutProofs(x: Examination, what: string): Finding {
  if (!keysWereRead(x)) return x.set('not-exercised', `no kernel printed the key of an SA: ${what} could not be tried`);
  x.gap(`the kernels had SAs with keys, but the recording has no result of ${what}`);
  return x.conclude('proofs');
}
