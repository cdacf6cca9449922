import { stateCheck } from '../state/state-check.ts';

/** Whether each SA's key derives from the Secret. A recording holds no key, so this can only be tried while recording. */
export const xfr04 = stateCheck(
  {
    id: 'XFR-04',
    title: "where the derivation is known for the version, each SA's key equals the one derived from the Secret, addresses and boot ids",
    modes: ['ipsec'],
    evidence: 'the keys in memory while recording',
    controls: ['key not from the Secret'],
  },
  (x) => x.set('not-exercised', 'each SA key derives from the Secret', 'needs the keys in memory while recording'),
);
