import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseBoundedJson } from '../../harness/model/bounded-json.ts';
import { openRecording } from '../../harness/record/open-recording.ts';
import { RecordingError } from '../../harness/record/recording-error.ts';
import { storeRecording } from '../../harness/testing/memory-recording.ts';
import { buildRecording } from '../../harness/testing/recording.ts';
import { chainLine, handoverLine, readChain } from '../../reports/history/chain.ts';
import { HistoryError } from '../../reports/history/history-error.ts';
import { summaryOf } from '../../reports/history/summary-of.ts';
import { PackRefusal } from '../../reports/pack/refusal.ts';
import { archiveOf, entriesOf, packEntries, repack, sampleKey, sealSample } from '../../reports/pack/testdata/sample-pack.ts';
import { verifyPack } from '../../reports/pack/verify/verify-pack.ts';
import { oneLine } from '../../reports/printable.ts';
import { sampleReport } from '../../reports/testdata/sample-report.ts';
import { type CaseOutcome, type FuzzPart, must } from './part.ts';
import { mutateBytes, mutateText, type Random } from './random.ts';

/** Changed packs, histories and manifests of recordings: accepted only if nothing changed. */
export async function archivesPart(): Promise<FuzzPart> {
  const folder = mkdtempSync(join(tmpdir(), 'wirewitness-fuzz-'));
  const [pack, changed, recording] = [join(folder, 'good.tar.gz'), join(folder, 'changed.tar.gz'), join(folder, 'recording')];
  const key = sampleKey();
  await sealSample(pack, key);
  const archive = await archiveOf(pack);
  const { entries, mtime } = await entriesOf(pack);
  const others = [archive, ...entries.map(({ source }) => Buffer.from(source as Uint8Array))];
  const history = historyText();
  mkdirSync(recording);
  storeRecording(buildRecording({ captures: [], traffic: [] }), recording);
  const manifest = JSON.stringify(buildRecording({ captures: [], traffic: [] }).manifest, null, 1);

  const verified = async (): Promise<CaseOutcome> => refusedAs(PackRefusal, () => verifyPack(changed, null));
  const cases: readonly ((random: Random) => Promise<CaseOutcome>)[] = [
    async (random) => {
      const bytes = mutateBytes(random, archive, others);
      await repack(changed, bytes);
      const outcome = await verified();
      must(outcome === 'refused' || bytes.equals(archive), 'a changed archive was verified');
      return outcome;
    },
    async (random) => {
      const victim = random.of(entries);
      const source = mutateBytes(random, victim.source as Uint8Array, others);
      await packEntries(
        changed,
        entries.map((entry) => (entry === victim ? { ...entry, source, size: source.length } : entry)),
        mtime,
      );
      const outcome = await verified();
      must(outcome === 'refused' || source.equals(victim.source as Uint8Array), `a pack with a changed ${victim.path} was verified`);
      return outcome;
    },
    async (random) => {
      const text = mutateText(random, history, [history, manifest]);
      const outcome = await refusedAs(HistoryError, async () => readChain(text));
      // If lines are cut off at the end, the rest is still a valid chain.
      must(outcome === 'refused' || history.startsWith(text), 'a changed history was read');
      return outcome;
    },
    async (random) => {
      writeFileSync(join(recording, 'manifest.json'), mutateText(random, manifest, [history, manifest]));
      return refusedAs(RecordingError, () => openRecording(recording));
    },
    async (random) => {
      const text = mutateText(random, manifest, [history, manifest]);
      try {
        parseBoundedJson(text, { depth: 1 + random.below(8), values: 1 + random.below(500) });
        return 'read';
      } catch (error) {
        if (error instanceof RangeError || error instanceof SyntaxError) return 'refused';
        throw error;
      }
    },
  ];
  return {
    name: 'archives',
    about: 'mutated packs, histories, manifests and JSON',
    run: (random) => random.of(cases)(random),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function historyText(): string {
  const [key, next] = [sampleKey(), sampleKey()];
  const summary = (run: string) => ({ ...summaryOf(sampleReport(), null), run });
  let text = chainLine({ kind: 'run', summary: summary('run-1') }, null, key);
  text += chainLine({ kind: 'run', summary: summary('run-2') }, readChain(text).at(-1)!, key);
  text += handoverLine(readChain(text).at(-1)!, key, next);
  return text + chainLine({ kind: 'run', summary: summary('run-3') }, readChain(text).at(-1)!, next);
}

/** The message is one line, and the error is a refusal. */
async function refusedAs(
  kind: typeof PackRefusal | typeof HistoryError | typeof RecordingError,
  read: () => Promise<unknown>,
): Promise<CaseOutcome> {
  try {
    await read();
    return 'read';
  } catch (error) {
    if (!(error instanceof kind)) throw error;
    must(error instanceof RecordingError || error.message === oneLine(error.message), 'the refusal is more than one printable line');
    return 'refused';
  }
}
