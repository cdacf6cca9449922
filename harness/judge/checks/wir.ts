import type { Check } from '../check.ts';
import { everyFrameAccounted } from './wir-account.ts';
import { ciphertextMatches, encapsulationOrder, knownSpis } from './wir-cipher.ts';
import { decryptsWithKernelKeys } from './wir-decryption.ts';
import { largePackets, noCanary, noPlaintext } from './wir-leak.ts';
import { clearIsListed, matrixComplete } from './wir-matrix.ts';
import { freshSequences } from './wir-session.ts';
import { tapAgreesWithAgents } from './wir-tap.ts';
import { lawfulWireguard } from './wir-wireguard.ts';

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
