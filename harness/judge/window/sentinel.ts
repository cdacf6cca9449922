import type { FlowPath } from '../../model/recording.ts';
import type { Facts } from '../facts.ts';
import type { Examination } from '../state/examination.ts';
import { addressBook } from '../wire/address-book.ts';
import type { ClearAccount } from '../wire/capture-facts.ts';
import { describeClear, describeSighting } from '../wire/describe.ts';
import { treatmentOf } from '../wire/treatment.ts';
import { pathsOf } from '../wire/undriven.ts';
import { momentOf, since } from './moments.ts';
import { windowView } from './window-view.ts';

/** Readable traffic of the window that must be encrypted. */
export interface WindowLeak {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly frames: number;
  /** Names ends, layers, frame and time. */
  readonly text: string;
}

/** What the sentinel saw of plaintext, and why it may not have seen everything. */
export interface SentinelReading {
  readonly leaks: readonly WindowLeak[];
  readonly gaps: readonly string[];
  readonly files: readonly string[];
  /** Frames that it kept, all classes. */
  readonly frames: number;
}

const READABLE = new Set(['clear', 'tls', 'ah']);
const OPAQUE = ['unknown', 'malformed', 'truncated'] as const;

/**
 * Plaintext over the whole window. Whatever travels in the clear between pods of two nodes counts, driven or not: a pod that
 * was just created has no driven flow yet. A frame that could not be read counts as not encrypted and leaves a gap.
 */
export function readSentinel(facts: Facts): SentinelReading {
  const { captures, gaps } = windowView(facts, 'sentinel');
  const opaque = captures.flatMap((c) =>
    OPAQUE.filter((name) => (c.ledger?.classes[name]?.frames ?? 0) > 0).map(
      (name) => `${c.key}: ${c.ledger?.classes[name]?.frames} ${name} frame(s), which count as not encrypted`,
    ),
  );
  const must = mustBeEncrypted(facts);
  const leaks = captures.flatMap((c) => [
    ...c.clear.filter((a) => !a.inboundCopy && READABLE.has(a.class) && must(a)).map((a) => leakOf(facts, c.key, a)),
    ...c.canaries
      .filter((s) => !s.inboundCopy && !READABLE.has(s.class) && s.flows.some((id) => encryptedIds(facts).has(id)))
      .map(
        (s): WindowLeak => ({
          firstMs: Number.NEGATIVE_INFINITY,
          lastMs: Number.POSITIVE_INFINITY,
          frames: s.frames,
          text: `canary of flow ${s.flows.join(', ')} ${describeSighting({ ...s, capture: c.key })}`,
        }),
      ),
  ]);
  return {
    leaks: leaks.sort((a, b) => a.firstMs - b.firstMs),
    gaps: [...gaps, ...opaque],
    files: captures.map((c) => c.record.file),
    frames: captures.reduce((n, c) => n + (c.ledger?.frames ?? 0), 0),
  };
}

/** Put the sentinel's reading into an examination: a leak is a fault, an incomplete sentinel a gap. */
export function expectNoPlaintext(x: Examination): void {
  const { facts } = x;
  const { leaks, gaps, files, frames } = readSentinel(facts);
  x.cite(...files);
  if (facts.profile === null) x.gap(`no profile is known for ${facts.manifest.intent.profile}: what must be encrypted is not known`);
  for (const leak of leaks) x.fault(leak.text);
  for (const gap of gaps) x.gap(gap);
  if (leaks.length > 0 || gaps.length > 0) return;
  if (facts.manifest.traffic.every((t) => t.phase !== 'window' || t.answered === 0)) x.gap('no traffic of the window was answered');
  const changed = facts.window.events.find(({ event }) => event === 'window-started');
  if (changed === undefined) x.gap('the journal does not say when the window began');
  else x.note(`the sentinel kept ${frames} frame(s) from ${new Date(momentOf(changed)).toISOString()} on, none of them to be encrypted`);
  x.held();
}

function leakOf(facts: Facts, capture: string, account: ClearAccount): WindowLeak {
  const { firstMs, lastMs, frames } = account;
  const driven = account.flows.length === 0 ? 'undriven traffic' : `flow ${account.flows.join(', ')}`;
  const when = `${since(facts, firstMs)} to ${since(facts, lastMs)} into the window`;
  return {
    firstMs,
    lastMs,
    frames,
    text: `${frames} frame(s) of ${driven} in the clear, ${when}, the first ${describeClear({ ...account, capture })}`,
  };
}

function mustBeEncrypted(facts: Facts): (account: ClearAccount) => boolean {
  const book = addressBook(facts.manifest.cluster);
  const driven = encryptedIds(facts);
  return (account) => {
    if (account.flows.length > 0) return account.flows.some((id) => driven.has(id));
    const expected = pathsOf(book, account).map((path: FlowPath) => treatmentOf(facts.profile, facts.manifest.intent, path));
    return expected.length > 0 && expected.every((e) => e.known && e.treatment === 'encrypted');
  };
}

/** Flows of the window that must be encrypted. */
function encryptedIds(facts: Facts): ReadonlySet<string> {
  const { intent, traffic } = facts.manifest;
  return new Set(
    traffic
      .filter((t) => t.phase === 'window' && t.source.node !== t.destination.node)
      .filter((t) => {
        const { known, treatment } = treatmentOf(facts.profile, intent, t.path);
        return known && treatment === 'encrypted';
      })
      .map((t) => t.id),
  );
}
