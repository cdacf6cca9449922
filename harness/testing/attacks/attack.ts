import type { Mode } from '../../model/mode.ts';
import type { BaseName } from './base.ts';
import type { RecordingDraft } from './draft.ts';

/** One thing that is done to a good recording, in as many places as it can be done. Declarative: it says what must come of it. */
export interface Manipulation {
  /** Unique in its topic, lower case with hyphens. */
  readonly id: string;
  /** What is edited, and what it means in the field. */
  readonly what: string;
  /** The recordings it is done to; one attack each. */
  readonly on: readonly BaseName[];
  /** The places or values, one attack each; none for a manipulation that has just one. */
  readonly variants?: readonly string[];
  /** Checks that must not support the claim then; by mode where the modes differ; empty where any will do. Such a run never exits 0. */
  readonly turns: readonly string[] | Readonly<Partial<Record<Mode, readonly string[]>>>;
  /** True where the manipulation is about secrets in the files: only then they are searched again, which takes longest. */
  readonly secrets?: true;
  /** @throws RangeError when there is nothing to edit: an attack that changes nothing proves nothing */
  readonly edit: (draft: RecordingDraft, variant: string) => void;
}

/** Manipulations of one kind, with the mistake that would let them pass. */
export interface AttackTopic {
  readonly topic: string;
  /** The mistake in judging that makes this kind of manipulation work, in one sentence. */
  readonly root: string;
  readonly manipulations: readonly Manipulation[];
}

/** A manipulation in one place of one recording. */
export interface Attack {
  /** `topic/manipulation/base/variant`. */
  readonly id: string;
  readonly on: BaseName;
  readonly manipulation: Manipulation;
  readonly variant: string;
}

/** Every attack of a topic, in its order. */
export function attacksOf({ topic, manipulations }: AttackTopic): Attack[] {
  return manipulations.flatMap((manipulation) =>
    manipulation.on.flatMap((on) =>
      (manipulation.variants ?? ['']).map((variant) => ({
        id: [topic, manipulation.id, on, variant].filter((part) => part !== '').join('/'),
        on,
        manipulation,
        variant,
      })),
    ),
  );
}

/** The checks that must turn in a recording of that mode. */
export function turningChecks({ turns }: Manipulation, mode: Mode): readonly string[] {
  return Array.isArray(turns) ? turns : ((turns as Readonly<Partial<Record<Mode, readonly string[]>>>)[mode] ?? []);
}
