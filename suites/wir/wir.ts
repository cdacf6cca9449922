import type { Check } from '../../harness/judge/check.ts';
import { everyFrameAccounted } from './wir-04-account.ts';
import { decryptsWithKernelKeys } from './wir-07-decryption.ts';
import { lawfulWireguard } from './wir-08-wireguard.ts';
import { freshSequences } from './wir-09-session.ts';
import { tapAgreesWithAgents } from './wir-13-tap.ts';
import { ciphertextMatches, encapsulationOrder, knownSpis } from './wir-cipher.ts';
import { largePackets, noCanary, noPlaintext } from './wir-leak.ts';
import { clearIsListed, matrixComplete } from './wir-matrix.ts';

/** What the wire must show. */
export const wirChecks: readonly Check[] = [
  noPlaintext,
  ciphertextMatches,
  noCanary,
  everyFrameAccounted,
  encapsulationOrder,
  knownSpis,
  decryptsWithKernelKeys,
  lawfulWireguard,
  freshSequences,
  largePackets,
  matrixComplete,
  clearIsListed,
  tapAgreesWithAgents,
];
