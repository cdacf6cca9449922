import type { Mode } from '../../model/mode.ts';

/**
 * WireGuard sends a handshake anew when 5 s passed without an answer (REKEY_TIMEOUT), and up to a third of a second later so that two
 * ends do not do it together (drivers/net/wireguard/timers.c). Until then packets to the peer wait in its queue. Two ends that start at
 * the same moment need it: each gives up its own handshake for the other's, and neither has a session until one of them tries again.
 */
const WIREGUARD_RETRY_MS = 5000 + 1000 / 3;

/** ARP and neighbour discovery ask three times, a second apart, before packets to the neighbour are dropped (mcast_solicit, retrans_time). */
const NEIGHBOUR_MS = 3 * 1000;

/** TCP sends a lost SYN anew after 1 s, and the next one 2 s after that (RFC 6298, doubled each time). */
const SECOND_SYN_MS = 1000 + 2000;

/** What an answer may take once its way is open, on an emulated machine that is busy with other things. */
const ANSWER_ITSELF_MS = 1500;

/**
 * Milliseconds a request waits for its answer before it counts as lost: one retry of whatever stands between, so that a request counts as
 * lost only when something is wrong.
 */
export const ANSWER_MS = Math.ceil(Math.max(WIREGUARD_RETRY_MS, NEIGHBOUR_MS, SECOND_SYN_MS) + ANSWER_ITSELF_MS);

/** Milliseconds after which the next request goes out beside one that has no answer yet. */
export const PATIENCE_MS = 200;

/** Milliseconds between two requests to a node whose neighbour entry is not there yet. A packet that met no neighbour entry may be gone for good. */
export const OPENING_PACE_MS = 1000;

/** How long a pair of nodes may take to be opened: with WireGuard two retries, because the second start may cross as the first did. */
export function openingMs(mode: Mode): number {
  return Math.ceil((mode === 'wireguard' ? 2 * WIREGUARD_RETRY_MS : NEIGHBOUR_MS) + ANSWER_ITSELF_MS);
}
