import { createHash } from 'node:crypto';
import { planOf, planText } from '../model/plan.ts';
import { JOURNAL_FORM, type JournalEvent, type Phase, type RecordingManifest, type Snapshot } from '../model/recording.ts';

/** The journal that the recorder would have written for a recording, each line with the time in the manifest. */
export function journalOf(manifest: RecordingManifest): JournalEvent[] {
  const { run } = manifest;
  const { scenario, fault } = run;
  const plan = createHash('sha256')
    .update(planText(planOf(manifest)))
    .digest('hex');
  return [
    { at: run.startedAt, event: 'run-started', detail: { journal: JOURNAL_FORM, run: run.id, scenario, fault, plan } },
    ...(['clear', 'before', 'encrypted', 'after', 'window', 'end'] as const).flatMap((part) =>
      part === 'before' || part === 'after' || part === 'end' ? snapshotLines(manifest, part) : phaseLines(manifest, part),
    ),
    ...inboundLines(manifest),
    { at: run.endedAt, event: 'run-ended', detail: { complete: run.complete, note: run.note } },
  ];
}

function snapshotLines({ commands, run }: RecordingManifest, snapshot: Snapshot): JournalEvent[] {
  const own = commands.filter((c) => c.snapshot === snapshot);
  if (own.length === 0) return [];
  return [
    { at: own[0]?.startedAt ?? run.startedAt, event: 'snapshot-started', detail: { snapshot } },
    { at: own.at(-1)?.endedAt ?? run.endedAt, event: 'snapshot-ended', detail: { snapshot } },
  ];
}

/** A packet from outside is sent without captures. */
function inboundLines(manifest: RecordingManifest): JournalEvent[] {
  const own = manifest.traffic.filter((t) => t.phase === 'inbound');
  const [first] = own;
  if (first === undefined) return [];
  const flows = Object.fromEntries(own.map(({ id, canary }) => [id, canary]));
  return [
    { at: first.startedAt, event: 'traffic-planned', detail: { phase: 'inbound', flows } },
    { at: first.endedAt, event: 'traffic-ended', detail: { phase: 'inbound' } },
    ...snapshotLines(manifest, 'inbound'),
  ];
}

function phaseLines({ captures, run, traffic }: RecordingManifest, phase: Phase): JournalEvent[] {
  const own = captures.filter((c) => c.phase === phase);
  const [first] = own;
  if (first === undefined) return [];
  const interfaces = own.map((c) => `${c.node ?? 'tap'}/${c.interface}${c.kind === 'full' ? '' : `/${c.kind}`}`);
  const flows = Object.fromEntries(traffic.filter((t) => t.phase === phase).map(({ id, canary }) => [id, canary]));
  const stopped = own.at(-1)?.stoppedAt ?? run.endedAt;
  return [
    { at: first.startedAt, event: 'captures-starting', detail: { phase, interfaces } },
    { at: first.startedAt, event: 'beacons', detail: { phase, end: 'start' } },
    { at: first.startedAt, event: 'captures-ready', detail: { phase } },
    { at: first.startedAt, event: 'traffic-planned', detail: { phase, flows } },
    { at: stopped, event: 'traffic-ended', detail: { phase } },
    { at: stopped, event: 'beacons', detail: { phase, end: 'end' } },
    { at: stopped, event: 'captures-stopped', detail: { phase } },
    ...(phase === 'clear' ? [{ at: stopped, event: 'encryption-enabled', detail: {} }] : []),
  ];
}
