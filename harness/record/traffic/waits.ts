import type { Mode } from '../../model/mode.ts';

/** WireGuard repeats a handshake after so long without an answer (REKEY_TIMEOUT of the kernel's drivers/net/wireguard/messages.h). */
const WIREGUARD_REKEY_MS = 5000;

/**
 * Up to a third of a second is added, so that two ends do not repeat together (drivers/net/wireguard/timers.c). Until then packets to the
 * peer wait in its queue. Two ends that start at the same moment need the repetition: each replaces its handshake by that of the other, and
 * neither has a session until one of them tries again.
 */
const WIREGUARD_RETRY_MS = WIREGUARD_REKEY_MS + 1000 / 3;

/**
 * How long one direction of a pair of nodes may open it alone. The third of a second is not enough where a handshake takes long: the kernel
 * rounds a timer of 5 s up to 256 ms (at 250 Hz), so in the lab, where both ends are one kernel, the repetition of both fell on the same
 * moment in 4 of 10 cases (25 starts with a round trip of 30 ms; 6 of them took more than 15 s). Half of the time between two repetitions
 * keeps the ends apart when the first direction gets no answer.
 */
export const HEAD_START_MS = WIREGUARD_REKEY_MS / 2;

/** ARP and neighbour discovery ask three times, a second apart, before packets to the neighbour are dropped (mcast_solicit, retrans_time). */
const NEIGHBOUR_MS = 3 * 1000;

/** TCP repeats a lost SYN after 1 s, and again 2 s later (RFC 6298, doubled each time). */
const SECOND_SYN_MS = 1000 + 2000;

/** Time for an answer after the path is open, on a busy emulated machine. */
const ANSWER_ITSELF_MS = 1500;

/**
 * Milliseconds a request waits for its answer before it counts as lost: one retry of any protocol on its path, so that a request counts as
 * lost only when something is wrong.
 */
export const ANSWER_MS = Math.ceil(Math.max(WIREGUARD_RETRY_MS, NEIGHBOUR_MS, SECOND_SYN_MS) + ANSWER_ITSELF_MS);

/** Milliseconds after which the next request is sent although one has no answer yet. */
export const PATIENCE_MS = 200;

/** Milliseconds between two requests to a node without neighbour entry. A packet sent without neighbour entry may be lost. */
export const OPENING_PACE_MS = 1000;

/** Retries of a WireGuard handshake that opening a pair waits for: where two in five cross again, five in a row do in one of a hundred. */
const OPENING_RETRIES = 5;

/** How long opening a pair of nodes may take. Only a pair that gives no answer takes so long. */
export function openingMs(mode: Mode): number {
  return Math.ceil((mode === 'wireguard' ? OPENING_RETRIES * WIREGUARD_RETRY_MS : NEIGHBOUR_MS) + ANSWER_ITSELF_MS);
}
