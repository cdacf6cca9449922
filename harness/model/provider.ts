import type { Cluster } from './cluster.ts';
import type { Intent } from './intent.ts';

/** A claim that a provider cannot examine, and why. */
export interface ClaimRefusal {
  readonly claim: keyof Intent;
  readonly why: string;
}

/** Whether a provider can be used from this machine; what it lacks, and what to do about it, when it can't. */
export type Availability = { readonly available: true } | { readonly available: false; readonly lacks: string; readonly remedy: string };

/** Where clusters come from. Disposing it ends what several clusters share: a virtual machine, a kind cluster. */
export interface ClusterProvider extends AsyncDisposable {
  /** `lab`, `kind`, `existing`. */
  readonly name: string;
  /** Says no for itself only: what the lab cannot lay out can still be claimed of a real cluster. Nothing is started for the answer. */
  refuse(intent: Intent): ClaimRefusal | null;
  /** Looks for the programs, the engine or the API server that it needs. Changes nothing. */
  detect(): Promise<Availability>;
  /** Why what the provider runs is gone, where it went by itself; undefined while it is there. */
  lost?(): string | undefined;
  /** A cluster for one claim, without encryption where the harness may turn it on. The caller disposes it before it opens the next. */
  open(intent: Intent, signal: AbortSignal): Promise<Cluster>;
}
