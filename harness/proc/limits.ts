/**
 * Limits of commands by class, milliseconds. One that passes costs its own evidence and nothing else. Through an API server under load a
 * first byte was seen to take 30 s, and a whole answer of an agent 17 s more.
 */
export const LIMITS_MS = {
  /** Until an exec is open. */
  open: 60_000,
  /** A reading of state. */
  read: 90_000,
  /** A signal to a command that runs elsewhere. */
  control: 60_000,
} as const;
