import type { Recording } from '../model/recording.ts';
import type { FlowVerdict } from '../model/report.ts';
import { type CheckVerdict, type Finding, plainFinding } from '../model/verdict.ts';
import { profileOf } from '../stacks/stack-of.ts';
import type { AnyCheck, Check, JudgementCheck } from './check.ts';
import { type ControlRecord, NO_CONTROLS } from './controls/control-record.ts';
import { type EvidenceFacts, readEvidence } from './evidence/evidence-facts.ts';
import type { Facts } from './facts.ts';
import { withoutMissingNeeds } from './needs.ts';
import { Examination, UnknownProfileError } from './state/examination.ts';
import { readState } from './state/state-facts.ts';
import { changesIn } from './window/change.ts';
import { readWindow } from './window/window-facts.ts';
import { type CaptureReader, readCapturesInTurn, readWire } from './wire/wire-facts.ts';

/** What one recording says. */
export interface Judgement {
  readonly facts: Facts;
  /** One entry for each check, in the order in which they were given. */
  readonly verdicts: readonly CheckVerdict[];
  readonly flows: readonly FlowVerdict[];
}

/** Who reads what takes long: a caller may do it in threads, or give what it found already. */
export interface Readers {
  readonly captures: CaptureReader;
  /** Searches the files for secrets, which takes longer than all the rest. */
  readonly evidence: (recording: Recording) => Promise<EvidenceFacts>;
}

/**
 * Judge a recording: derive the facts once and put them before every check. It has no effect and reads only the recording: the same
 * recording gives the same judgement.
 *
 * @param readers what a caller does in another way than here, with the same results
 */
export async function judge(
  recording: Recording,
  checks: readonly AnyCheck[],
  controls: ControlRecord = NO_CONTROLS,
  { captures = readCapturesInTurn, evidence = readEvidence }: Partial<Readers> = {},
): Promise<Judgement> {
  const { manifest } = recording;
  const profile = profileOf(manifest.intent);
  const state = await readState(recording);
  const facts: Facts = {
    manifest,
    profile,
    state,
    wire: await readWire(recording, profile, state, captures),
    window: await readWindow(recording),
    evidence: await evidence(recording),
  };
  const ofFacts = checks.filter(isOfFacts);
  const verdicts = ofFacts.map((check) => verdictOf(check, facts, (x) => check.judge(x)));
  const found = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
  const ofJudgement = checks.filter(isOfJudgement);
  if (ofJudgement.length > 0) {
    const again = ofFacts.map((check) => verdictOf(check, facts, (x) => check.judge(x)));
    const judged = { checks: ofFacts, verdicts, again, controls };
    for (const check of ofJudgement)
      found.set(
        check.id,
        verdictOf(check, facts, (x) => check.judgeVerdicts(x, judged)),
      );
  }
  return { facts, verdicts: checks.flatMap(({ id }) => found.get(id) ?? []), flows: facts.wire.flows };
}

export function isOfFacts(check: AnyCheck): check is Check {
  return 'judge' in check;
}

function isOfJudgement(check: AnyCheck): check is JudgementCheck {
  return 'judgeVerdicts' in check;
}

/** The verdict of one check on facts: its finding, unless the cluster cannot provide what the check needs. */
export function verdictOf(check: AnyCheck, facts: Facts, judgeIt: (x: Examination) => Finding): CheckVerdict {
  return withoutMissingNeeds({ id: check.id, ...findingOf(check, facts, judgeIt) }, check.needs, facts.manifest);
}

/** A check that breaks has proved nothing: its error is the reason of an inconclusive finding. */
export function findingOf(
  { id, must, modes, scenarios, restsOnProfile }: AnyCheck,
  facts: Facts,
  judgeIt: (x: Examination) => Finding,
): Finding {
  const { intent, run } = facts.manifest;
  const x = new Examination(facts, must);
  if (!modes.includes(intent.mode))
    return x.set('not-applicable', `${id} is a check of ${modes.join(' and ')}; the intent says ${intent.mode}`);
  const recorded = changesIn(facts);
  if (scenarios?.some((scenario) => recorded.has(scenario)) === false)
    return x.set('not-exercised', `the recording's scenario is ${run.scenario}: ${scenarios.join(' or ')} was not recorded`);
  try {
    const finding = judgeIt(x);
    return restsOnProfile && finding.verdict === 'contradicts' ? unlessUnseen(finding, facts) : finding;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const text = error instanceof UnknownProfileError ? message : `${id} could not be judged: ${message}`;
    return plainFinding('inconclusive', text, must);
  }
}

/**
 * A contradiction that rests on the profile alone proves something only if the profile was confirmed on real agents: otherwise the profile
 * may be wrong. The lab configures its nodes by the profile, so there it is always right.
 */
function unlessUnseen(finding: Finding, { manifest, profile }: Facts): Finding {
  const { mode, routing } = manifest.intent;
  if (manifest.cluster.environmentClass === 'lab') return finding;
  if (profile?.seen.some((cluster) => cluster.mode === mode && cluster.routing === routing)) return finding;
  const text = `profile ${manifest.intent.profile} was not yet confirmed on a real agent with ${mode} and ${routing}: the profile itself may be wrong`;
  return { ...finding, verdict: 'inconclusive', facts: [{ text }, ...finding.facts] };
}
