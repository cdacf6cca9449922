/**
 * Time limits of commands by class, milliseconds. A command that exceeds its limit loses only its own evidence. Measured through an API
 * server under load: 30 s to the first byte, and 17 s more to the complete answer of an agent.
 */
export const LIMITS_MS = {
  /** Until an exec is open. */
  open: 60_000,
  /** A reading of state. */
  read: 90_000,
  /** A signal to a command that runs elsewhere. */
  control: 60_000,
} as const;
