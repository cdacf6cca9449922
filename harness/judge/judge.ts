import type { Recording } from '../model/recording.ts';
import type { FlowVerdict } from '../model/report.ts';
import type { CheckVerdict, Finding } from '../model/verdict.ts';
import { profileFor } from '../stacks/cilium/profiles/profile-for.ts';
import type { Check } from './check.ts';
import { readEvidence } from './evidence/evidence-facts.ts';
import type { Judged } from './evidence/judged.ts';
import type { Facts } from './facts.ts';
import { readState } from './state/state-facts.ts';
import { withoutUnfed } from './unfed.ts';
import { readWindow } from './window/window-facts.ts';
import { readWire } from './wire/wire-facts.ts';

/** What one recording says. */
export interface Judgement {
  readonly facts: Facts;
  /** One entry for each check of the catalogue, in its order. */
  readonly verdicts: readonly CheckVerdict[];
  readonly flows: readonly FlowVerdict[];
}

/**
 * Judge a recording: derive the facts once and put them before every check. Pure but for reading the recording: the same
 * recording gives the same judgement.
 */
export async function judge(recording: Recording, checks: readonly Check[]): Promise<Judgement> {
  const { manifest } = recording;
  const profile = profileFor(manifest.intent.profile);
  const facts: Facts = {
    manifest,
    profile,
    state: await readState(recording),
    wire: await readWire(recording, profile),
    window: await readWindow(recording),
    evidence: await readEvidence(recording),
  };
  const others = checks.filter((check) => !isOfEvidence(check));
  const verdicts = others.map((check) => verdictOf(check, facts));
  if (others.length === checks.length) return { facts, verdicts, flows: facts.wire.flows };
  // Everything but the captures, which take the time, is derived again.
  const second: Facts = { ...facts, state: await readState(recording), window: await readWindow(recording) };
  const judged: Judged = { verdicts, again: others.map((check) => verdictOf(check, second)) };
  const ofEvidence = checks.filter(isOfEvidence).map((check) => verdictOf(check, facts, judged));
  return { facts, verdicts: [...verdicts, ...ofEvidence], flows: facts.wire.flows };
}

/** Checks of the evidence itself come last, in the catalogue too: they look at what the others said. */
function isOfEvidence({ id }: Check): boolean {
  return id.startsWith('EVI-');
}

function verdictOf(check: Check, facts: Facts, judged?: Judged): CheckVerdict {
  return withoutUnfed({ id: check.id, ...findingOf(check, facts, judged) }, facts.manifest);
}

/** A check that breaks has proved nothing: its error is the reason of an inconclusive finding. */
function findingOf(check: Check, facts: Facts, judged?: Judged): Finding {
  const { mode } = facts.manifest.intent;
  if (!check.modes.includes(mode))
    return {
      verdict: 'not-applicable',
      reason: `${check.id} is a check of ${check.modes.join(' and ')}; the intent says ${mode}`,
      expected: check.title,
      observed: `intent mode ${mode}`,
      evidence: [],
    };
  try {
    return check.judge(facts, judged);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      verdict: 'inconclusive',
      reason: `${check.id} could not be judged: ${message}`,
      expected: check.title,
      observed: 'the check ended with an error',
      evidence: [],
    };
  }
}
