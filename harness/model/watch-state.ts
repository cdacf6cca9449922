import type { Verdict } from './verdict.ts';

/** What a long watch shows while it goes on. */
export interface WatchState {
  /** Mode, routing and profile that are claimed. */
  readonly claim: Readonly<Record<'mode' | 'routing' | 'profile', string>>;
  /** So far. */
  readonly verdict: Verdict;
  /** ISO 8601, of the last reading; null before the first. */
  readonly readAt: string | null;
  /** Times between two readings, at all places, and those that do not reconcile. */
  readonly minutes: { readonly all: number; readonly open: number };
  /** Readable frames that must be encrypted; frames that were kept; frames of ciphertext. */
  readonly frames: { readonly clear: number; readonly kept: number; readonly ciphertext: number };
  readonly keptBytes: number;
  /** Resident memory of this process. */
  readonly recorderBytes: number;
}
