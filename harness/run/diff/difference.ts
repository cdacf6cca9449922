import type { CbomDiff } from '../../../reports/cbom/diff-cbom.ts';
import type { Verdict } from '../../model/verdict.ts';

/**
 * What a change means for whoever accepts an upgrade. `worse`: something that was shown is now contradicted, or was encrypted and is
 * clear, or its cryptography is another. `unclear`: it was shown and is no longer. `better`, `other`: nothing was lost.
 */
export type Effect = 'worse' | 'unclear' | 'better' | 'other';

/** One thing that differs between two reports. */
export interface Difference {
  readonly what: 'claim' | 'check' | 'flow' | 'crypto';
  /** Id of the check or flow; the claim's or the algorithm's name. */
  readonly name: string;
  /** `-` where there was or is none. */
  readonly before: string;
  readonly after: string;
  readonly effect: Effect;
  /** What the current report says of it. */
  readonly reason: string;
}

/** Two reports compared. */
export interface Comparison {
  readonly baseline: { readonly run: string; readonly verdict: Verdict; readonly profile: string };
  readonly current: { readonly run: string; readonly verdict: Verdict; readonly profile: string };
  /** In a fixed order: what matters most first. */
  readonly differences: readonly Difference[];
  /** Protocols, algorithms and keys by name: what to tell a reader of the inventory, no judgement. Null where a report has none. */
  readonly inventory: CbomDiff | null;
  /** Checks and flows that are the same in both. */
  readonly same: { readonly checks: number; readonly flows: number };
}
