import type { AnyCheck } from '../../judge/check.ts';
import { NO_CONTROLS } from '../../judge/controls/control-record.ts';
import { type EvidenceFacts, readEvidence } from '../../judge/evidence/evidence-facts.ts';
import { judge } from '../../judge/judge.ts';
import { overallVerdict } from '../../judge/report.ts';
import { manifestOfToday } from '../../model/earlier-names.ts';
import { type Recording, recordingManifestSchema } from '../../model/recording.ts';
import type { CheckVerdict, Verdict } from '../../model/verdict.ts';
import { type Attack, turningChecks } from './attack.ts';
import { BASES, type BaseName, type RecordedFiles, readBase } from './base.ts';
import { RECORDING_MANIFEST, RecordingDraft } from './draft.ts';

/** What came of an attack. */
export interface AttackResult {
  readonly attack: Attack;
  /** Of the run as a whole: `supports` is exit code 0. */
  readonly verdict: Verdict;
  /** Checks that contradict or are inconclusive, with their reasons. */
  readonly red: readonly CheckVerdict[];
  /** Checks that the manipulation names and that still support, or were not judged. */
  readonly missed: readonly string[];
}

/** The good recordings, each read and searched for secrets once. */
export class AttackRange {
  readonly #checks: readonly AnyCheck[];
  readonly #bases = new Map<BaseName, { readonly files: RecordedFiles; readonly evidence: Promise<EvidenceFacts> }>();

  /** @param checks the catalogue */
  constructor(checks: readonly AnyCheck[]) {
    this.#checks = checks;
  }

  /** A fresh copy of a base, to be edited. */
  draft(name: BaseName): RecordingDraft {
    return new RecordingDraft(this.#base(name).files);
  }

  /** Do an attack and judge what it made. @throws RangeError when the attack edits nothing */
  async run(attack: Attack): Promise<AttackResult> {
    const { manipulation, on, variant } = attack;
    const draft = this.draft(on);
    manipulation.edit(draft, variant);
    const { verdict, verdicts } = await this.judge(draft.sealed(), manipulation.secrets === true ? null : on);
    const red = verdicts.filter((v) => v.verdict === 'contradicts' || v.verdict === 'inconclusive');
    const turned = new Set(red.map(({ id }) => id));
    const missed = turningChecks(manipulation, draft.manifest.intent.mode).filter((id) => !turned.has(id));
    return { attack, verdict, red, missed };
  }

  /** @param known the base whose search for secrets holds for this recording too; null to search again */
  async judge(recording: Recording, known: BaseName | null): Promise<{ verdict: Verdict; verdicts: readonly CheckVerdict[] }> {
    const readers = known === null ? {} : { evidence: () => this.#base(known).evidence };
    const { verdicts, flows } = await judge(recording, this.#checks, NO_CONTROLS, readers);
    const { run, intent } = recording.manifest;
    const complete = run.complete && (flows.length > 0 || intent.mode === 'none');
    return {
      verdict: overallVerdict(
        [...verdicts, ...flows].map((v) => v.verdict),
        complete,
      ),
      verdicts,
    };
  }

  #base(name: BaseName): { readonly files: RecordedFiles; readonly evidence: Promise<EvidenceFacts> } {
    const known = this.#bases.get(name);
    if (known !== undefined) return known;
    if (!BASES.includes(name)) throw new RangeError(`there is no base ${name}`);
    const files = new Map(readBase(name));
    // What a recording of an older form does not say is filled in once, as opening it does.
    const manifest = recordingManifestSchema.parse(
      manifestOfToday(JSON.parse(Buffer.from(files.get(RECORDING_MANIFEST) ?? []).toString('utf8'))),
    );
    files.set(RECORDING_MANIFEST, Buffer.from(JSON.stringify(manifest)));
    const base = { files, evidence: readEvidence(new RecordingDraft(files).sealed()) };
    this.#bases.set(name, base);
    return base;
  }
}

/** Whether everything the attack says came true. */
export function isCaught({ verdict, missed }: AttackResult): boolean {
  return verdict !== 'supports' && missed.length === 0;
}
