import type { ScenarioName } from '../../model/scenario.ts';
import type { StatedFact } from '../../model/verdict.ts';
import type { Facts } from '../facts.ts';
import type { Examination } from '../state/examination.ts';
import type { CaptureFacts, ClearAccount } from '../wire/capture-facts.ts';
import { describeClear, describeSighting } from '../wire/describe.ts';
import { treatmentOf } from '../wire/treatment.ts';
import { mustBeEncrypted, unreadTraffic } from '../wire/undriven.ts';
import { changeGaps } from './change.ts';
import { changeBefore, momentOf, since } from './moments.ts';
import { windowView } from './window-view.ts';

/** Readable traffic of the window that must be encrypted. */
export interface WindowLeak {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly frames: number;
  /** Names ends, layers, frame and time. */
  readonly text: string;
  /** Path of the capture inside the recording, and the first frame. */
  readonly capture: string;
  readonly frame: number;
}

/** The plaintext that the sentinel captures show, and why they may not show all of it. */
export interface SentinelReading {
  readonly leaks: readonly WindowLeak[];
  readonly gaps: readonly StatedFact[];
  readonly files: readonly string[];
  /** Frames that were captured, of all classes. */
  readonly frames: number;
}

/** A canary in a frame of these classes is counted in no other account. */
const CIPHER: ReadonlySet<string> = new Set(['esp', 'wireguard']);

/**
 * Plaintext over the whole window. All clear traffic between pods of two nodes counts, driven or not: a pod that was just created has no
 * driven flow yet. A frame that could not be read counts as not encrypted and is a gap.
 */
export function readSentinel(facts: Facts): SentinelReading {
  const { captures, gaps } = windowView(facts, 'sentinel');
  const all = [...captures, ...windowView(facts, 'cipher').captures];
  const { open } = unreadTraffic(facts, all);
  const must = mustBeEncrypted(facts);
  const driven = encryptedIds(facts);
  // The sentinel leaves out frames that look like ciphertext; the capture of ciphertext shows which of them do not belong to the claim.
  const leaks = all.flatMap((c) => [
    ...c.clear
      .filter((a) => !a.inboundCopy && (a.flows.length > 0 ? a.flows.some((id) => driven.has(id)) : must(a)))
      .map((a) => leakOf(facts, c, a)),
    ...c.canaries
      .filter((s) => !s.inboundCopy && CIPHER.has(s.class) && s.flows.some((id) => driven.has(id)))
      .map(
        (s): WindowLeak => ({
          firstMs: Number.NEGATIVE_INFINITY,
          lastMs: Number.POSITIVE_INFINITY,
          frames: s.frames,
          text: `canary of flow ${s.flows.join(', ')} ${describeSighting({ ...s, capture: c.key })}`,
          capture: c.record.file,
          frame: s.firstFrame,
        }),
      ),
  ]);
  return {
    leaks: leaks.sort((a, b) => a.firstMs - b.firstMs),
    gaps: [...gaps.map((text) => ({ text })), ...open],
    files: captures.map((c) => c.record.file),
    frames: captures.reduce((n, c) => n + (c.ledger?.frames ?? 0), 0),
  };
}

/**
 * Put the result of the sentinel captures into an examination: a leak is a fault; an incomplete capture is a gap, and so is a change during
 * which they did not run all the time.
 */
export function expectNoPlaintext(x: Examination, change: ScenarioName): void {
  const { facts } = x;
  const { leaks, gaps, files, frames } = readSentinel(facts);
  x.cite(...files);
  if (facts.profile === null) x.gap(`no profile is known for ${facts.manifest.intent.profile}: it is not known what must be encrypted`);
  for (const { text, capture, frame } of leaks) x.fault(text, { capture, frame });
  for (const { text, ...about } of gaps) x.gap(text, about);
  for (const gap of changeGaps(facts, change)) x.gap(gap);
  if (leaks.length > 0 || gaps.length > 0) return;
  if (facts.manifest.traffic.every((t) => t.phase !== 'window' || t.answered === 0)) x.gap('no traffic of the window was answered');
  const changed = facts.window.events.find(({ event }) => event === 'window-started');
  if (changed === undefined) x.gap('the journal does not say when the window began');
  else
    x.note(
      `the sentinel captured ${frames} frame(s) from ${new Date(momentOf(changed)).toISOString()} on, and none of them had to be encrypted`,
    );
  x.held();
}

function leakOf(facts: Facts, { key, record }: CaptureFacts, account: ClearAccount): WindowLeak {
  const { firstMs, lastMs, frames } = account;
  const driven = account.flows.length === 0 ? 'undriven traffic' : `flow ${account.flows.join(', ')}`;
  const when = `${since(facts, firstMs)} to ${since(facts, lastMs)} into the window${describeCause(facts, firstMs)}`;
  return {
    firstMs,
    lastMs,
    frames,
    text: `${frames} frame(s) of ${driven} in the clear, ${when}, the first ${describeClear({ ...account, capture: key })}`,
    capture: record.file,
    frame: account.firstFrame,
  };
}

/** `, from 0.120 s after agent-starting (node2) on`: the last change in the journal before a moment. */
function describeCause(facts: Facts, ms: number): string {
  const cause = changeBefore(facts, ms);
  if (cause === null) return '';
  const { node, pod, name } = cause.detail;
  const about = [name, node, pod].filter((word) => typeof word === 'string').join(' ');
  return `, from ${((ms - momentOf(cause)) / 1000).toFixed(3)} s after ${cause.event}${about === '' ? '' : ` (${about})`} on`;
}

/** Flows of the window that must be encrypted. */
function encryptedIds(facts: Facts): ReadonlySet<string> {
  const { intent, traffic } = facts.manifest;
  return new Set(
    traffic
      .filter((t) => t.phase === 'window' && t.source.node !== t.destination.node)
      .filter((t) => {
        const { known, treatment } = treatmentOf(facts.profile, intent, t);
        return known && treatment === 'encrypted';
      })
      .map((t) => t.id),
  );
}
