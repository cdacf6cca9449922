import { join } from 'node:path';
import { type Lab, startLab } from '../../../clusters/lab/lab.ts';
import { openInLab } from '../../../clusters/lab/provider.ts';
import { examineCapture } from '../../judge/ledger/ledger.ts';
import type { Recording } from '../../model/recording.ts';
import { reasonOf, type Verdict } from '../../model/verdict.ts';
import { openRecording } from '../../record/open-recording.ts';
import { RunClock } from '../../record/run-clock.ts';
import { sampleIntent } from '../../testing/two-nodes.ts';
import { assess } from '../assess.ts';
import { recordRun } from '../record-run.ts';
import { crossInitiations } from './cross-initiations.ts';

const INTENT = sampleIntent('wireguard', { profile: '1.16' });

/** One recording in whose judged phase two handshakes crossed. */
export interface Crossing {
  readonly verdict: Verdict;
  /** Why it is not `supports`: the checks that are not green. */
  readonly notGreen: readonly string[];
  /** Milliseconds until each direction was opened. */
  readonly openedMs: readonly number[];
  /** Handshake initiations on the wire: milliseconds after the first one. */
  readonly initiationsMs: readonly number[];
  /** Time of the recording and its judgement, milliseconds. */
  readonly tookMs: number;
}

export interface CrossingOptions {
  readonly times: number;
  /** Receives a folder for each recording. */
  readonly out: string;
  readonly progress: (line: string) => void;
  /** What is done to the lab when the judged phase begins; by default handshakes cross. */
  readonly disturb?: (lab: Lab) => Promise<void>;
  /** Called after each. */
  readonly each?: (crossing: Crossing) => void;
}

/** Record and judge repeatedly in one lab of two nodes, with handshakes that cross when the judged phase begins. */
export async function recordCrossings({ times, out, progress, disturb = crossInitiations, each }: CrossingOptions): Promise<Crossing[]> {
  const { signal } = new AbortController();
  const clock = new RunClock();
  const crossings: Crossing[] = [];
  await using lab = await startLab({ nodes: 2, progress });
  for (let n = 1; n <= times; n++) {
    const began = performance.now();
    const folder = join(out, String(n));
    const meanwhile = () => disturb(lab);
    const open = () => openInLab(lab, INTENT, { progress });
    await recordRun({
      ...{ open, intent: INTENT, scenario: 'steady', fault: null, folder, progress, signal, clock },
      meanwhile,
      flows: 'probe',
    });
    const recording = await openRecording(join(folder, 'recording'));
    const report = await assess(recording);
    const notGreen = report.verdicts.filter(({ verdict }) => verdict === 'contradicts' || verdict === 'inconclusive');
    const crossing = {
      verdict: report.verdict,
      notGreen: notGreen.map((found) => `${found.id}: ${reasonOf(found)}`),
      ...(await whatCrossed(recording)),
      tookMs: performance.now() - began,
    };
    crossings.push(crossing);
    each?.(crossing);
  }
  return crossings;
}

async function whatCrossed(recording: Recording): Promise<Pick<Crossing, 'openedMs' | 'initiationsMs'>> {
  const opened = (await recording.events()).find(({ event }) => event === 'pairs-opened');
  const pairs = opened?.detail.pairs as readonly { readonly ms: number }[];
  const wire = recording.manifest.captures.find(({ phase, vantage }) => phase === 'encrypted' && vantage === 'wire');
  const at: number[] = [];
  await examineCapture(recording.bytes(wire?.file ?? ''), {}, ({ wireguardType, seconds, nanoseconds }) => {
    if (wireguardType === 1) at.push(seconds * 1000 + nanoseconds / 1e6);
  });
  return { openedMs: pairs.map(({ ms }) => ms), initiationsMs: at.map((ms) => Math.round(ms - (at[0] ?? 0))) };
}
