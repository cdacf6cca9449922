import type { Mode } from '../../model/mode.ts';

/**
 * WireGuard repeats a handshake after 5 s without an answer (REKEY_TIMEOUT), plus up to a third of a second so that two ends do not repeat
 * together (drivers/net/wireguard/timers.c). Until then packets to the peer wait in its queue. Two ends that start at the same moment need
 * the repetition: each replaces its handshake by that of the other, and neither has a session until one of them tries again.
 */
const WIREGUARD_RETRY_MS = 5000 + 1000 / 3;

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

/** How long opening a pair of nodes may take: with WireGuard two retries, because the second start may cross like the first. */
export function openingMs(mode: Mode): number {
  return Math.ceil((mode === 'wireguard' ? 2 * WIREGUARD_RETRY_MS : NEIGHBOUR_MS) + ANSWER_ITSELF_MS);
}
