/** A fault that the reference datapath cannot make with real operations, and why; it is not simulated. */
export interface NotMade {
  /** Its id in the catalogue, or the check that it would have to turn red. */
  readonly id: string;
  readonly what: string;
  readonly reason: string;
}

export const NOT_MADE: readonly NotMade[] = [
  {
    id: 'PRE-02',
    what: 'a node whose kernel has no WireGuard, or no AES-GCM',
    reason: 'all nodes of the lab are namespaces of one kernel, which has both; PRE-02 is seen red in its unit tests only',
  },
  {
    id: 'L21',
    what: 'a WireGuard handshake that was good and is past its 180 s',
    reason:
      'it takes 180 s of silence by the kernel’s own clock, which cannot be shortened without faking it; L21 makes a handshake that never comes about',
  },
  {
    id: 'LIF-05',
    what: 'an upgrade that goes wrong',
    reason: 'the lab has no upgrade; judged as LIF-01 is, and seen red in unit tests',
  },
  ...['EVI-02', 'EVI-03', 'EVI-04'].map((id) => ({
    id,
    what: 'evidence that was changed, or a judgement that does not repeat',
    reason: 'no state of a cluster makes it: it is done to a finished recording, in the tests of packing, verifying and judging',
  })),
];
