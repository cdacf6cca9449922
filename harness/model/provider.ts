import type { Cluster } from './cluster.ts';
import type { Intent } from './intent.ts';

/** A claim that a provider cannot examine, and why. */
export interface ClaimRefusal {
  readonly claim: keyof Intent;
  readonly why: string;
}

/** Whether a provider can be used from this machine; if not, what is missing and what to do. */
export type Availability = { readonly available: true } | { readonly available: false; readonly lacks: string; readonly remedy: string };

/** Where clusters come from. Disposing it stops what several clusters share: a virtual machine, a kind cluster. */
export interface ClusterProvider extends AsyncDisposable {
  /** `lab`, `kind`, `existing`. */
  readonly name: string;
  /** Refuses a claim for this provider only: what the lab cannot configure can still be claimed about a real cluster. Starts nothing. */
  refuse(intent: Intent): ClaimRefusal | null;
  /** Looks for the programs, the engine or the API server that it needs. Changes nothing. */
  detect(): Promise<Availability>;
  /** Why what the provider runs has ended unexpectedly; undefined while it runs. */
  lost?(): string | undefined;
  /** A cluster for one claim, without encryption if the harness may turn it on. The caller disposes it before opening the next. */
  open(intent: Intent, signal: AbortSignal): Promise<Cluster>;
}
