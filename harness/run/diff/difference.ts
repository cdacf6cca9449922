import type { CbomDiff } from '../../../reports/cbom/diff-cbom.ts';
import type { Verdict } from '../../model/verdict.ts';

/**
 * What a change means for accepting an upgrade. `worse`: something that was shown is now contradicted, or was encrypted and is now clear,
 * or uses other cryptography. `unclear`: it was shown and is not shown now. `better`, `other`: nothing was lost.
 */
export type Effect = 'worse' | 'unclear' | 'better' | 'other';

/** One difference between two reports. */
export interface Difference {
  readonly what: 'claim' | 'check' | 'flow' | 'crypto';
  /** Id of the check or flow; the claim's or the algorithm's name. */
  readonly name: string;
  /** `-` for none. */
  readonly before: string;
  readonly after: string;
  readonly effect: Effect;
  /** What the current report says about it. */
  readonly reason: string;
}

/** Two reports compared. */
export interface Comparison {
  readonly baseline: { readonly run: string; readonly verdict: Verdict; readonly profile: string };
  readonly current: { readonly run: string; readonly verdict: Verdict; readonly profile: string };
  /** In a fixed order, the most important first. */
  readonly differences: readonly Difference[];
  /** Protocols, algorithms and keys by name: changes of the inventory, without judgement. Null if a report has none. */
  readonly inventory: CbomDiff | null;
  /** Checks and flows that are the same in both. */
  readonly same: { readonly checks: number; readonly flows: number };
}
