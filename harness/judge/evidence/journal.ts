import {
  captureLabel,
  type Instant,
  JOURNAL_FORM,
  type JournalEvent,
  journalForm,
  type Phase,
  type RecordingManifest,
  type Snapshot,
} from '../../model/recording.ts';
import { clocksAgree, liesInside, type Stretch } from '../stretch.ts';

/** The comparison of the journal with the manifest. */
export interface JournalReading {
  /** Statements that contradict the manifest: the journal belongs to another run. */
  readonly faults: readonly string[];
  /** Statements that are missing, or that say that the run did not end normally. */
  readonly gaps: readonly string[];
}

const PHASES: readonly Phase[] = ['clear', 'encrypted', 'window', 'inbound'];
const SNAPSHOTS: readonly Snapshot[] = ['clear', 'before', 'connected', 'after', 'end', 'inbound'];

/**
 * Compare the journal with the manifest: the same run from its first line to its last, and each capture, flow and reading at the time at
 * which the journal says that it was made. The journal is written line by line while the run goes on, the manifest at its end.
 */
export function readJournal(manifest: RecordingManifest, events: readonly JournalEvent[]): JournalReading {
  const faults: string[] = [];
  const gaps: string[] = [];
  judgeEnds(manifest, events, faults, gaps);
  judgeOrder(manifest, events, gaps);
  for (const phase of PHASES) {
    judgePlanned(phase, manifest, events, gaps);
    judgePhase(phase, manifest, events, gaps);
  }
  judgeEnabling(manifest, events, gaps);
  for (const snapshot of SNAPSHOTS) judgeSnapshot(snapshot, manifest, events, gaps);
  return { faults, gaps };
}

/** The first line names the run, the last says how it ended. */
function judgeEnds({ run }: RecordingManifest, events: readonly JournalEvent[], faults: string[], gaps: string[]): void {
  const first = events[0];
  if (first?.event !== 'run-started') gaps.push('the journal does not begin with the start of a run');
  else {
    const { run: id, scenario, fault } = first.detail;
    if (id !== run.id) faults.push(`the journal is of run ${String(id)}, the manifest of run ${run.id}`);
    if (scenario !== run.scenario) faults.push(`the journal is of the scenario ${String(scenario)}, the manifest of ${run.scenario}`);
    if ((fault ?? null) !== run.fault) faults.push(`the journal names the fault ${String(fault)}, the manifest ${String(run.fault)}`);
  }
  const last = events.at(-1);
  if (last?.event !== 'run-ended') gaps.push(`the journal has no end of the run, its last line is ${last?.event ?? 'none'}`);
  else if (last.detail.complete !== run.complete)
    gaps.push(`the journal ends with complete: ${String(last.detail.complete)}, the manifest says ${run.complete}`);
  else if (last.detail.note !== run.note)
    gaps.push(`the journal ends with ${JSON.stringify(last.detail.note)}, the manifest with ${JSON.stringify(run.note)}`);
}

/** Lines are written when things happen: their times increase, and are within the time of the run. */
function judgeOrder({ run }: RecordingManifest, events: readonly JournalEvent[], gaps: string[]): void {
  let before: JournalEvent | null = null;
  for (const event of events) {
    if (before !== null && event.at.monotonicMs < before.at.monotonicMs) {
      gaps.push(`the journal has ${event.event} at ${event.at.utc} after ${before.event} at ${before.at.utc}`);
      break;
    }
    before = event;
  }
  const [first, last] = [events[0], events.at(-1)];
  const drifted = events.find(({ at }) => !clocksAgree(run.startedAt, at));
  if (drifted !== undefined)
    gaps.push(`the journal has ${drifted.event} at ${drifted.at.utc}, and the recorder's other clock shows another time`);
  if (
    first !== undefined &&
    last !== undefined &&
    !(inside(first.at, run.startedAt, run.endedAt) && inside(last.at, run.startedAt, run.endedAt))
  )
    gaps.push(`the journal goes from ${first.at.utc} to ${last.at.utc}, the run from ${run.startedAt.utc} to ${run.endedAt.utc}`);
}

/** The planned flows are those of the manifest, with their canaries. A journal of the first format does not name them. */
function judgePlanned(phase: Phase, { traffic }: RecordingManifest, events: readonly JournalEvent[], gaps: string[]): void {
  const flows = traffic.filter((t) => t.phase === phase);
  const lines = events.filter(({ event, detail }) => event === 'traffic-planned' && detail.phase === phase);
  if (lines.length === 0) {
    if (flows.length > 0 && journalForm(events) >= JOURNAL_FORM) gaps.push(`${phase} phase: the journal does not name the planned flows`);
    return;
  }
  const planned = new Map(lines.flatMap(({ detail }) => Object.entries((detail.flows ?? {}) as Readonly<Record<string, unknown>>)));
  const listed = Map.groupBy(flows, ({ id }) => id);
  for (const [id, canary] of planned)
    if (!listed.has(id)) gaps.push(`${phase} phase: the journal has the planned flow ${id}, the manifest does not`);
    else if (listed.get(id)?.some((flow) => flow.canary !== canary))
      gaps.push(`${phase} phase: ${id} has another canary in the manifest than in the journal`);
  for (const [id, same] of listed) {
    if (!planned.has(id)) gaps.push(`${phase} phase: the manifest has ${id}, which is no planned flow of the journal`);
    if (same.length > 1) gaps.push(`${phase} phase: the manifest has ${id} ${same.length} times`);
  }
}

/** Captures start, are ready, and stop; flows are driven in between. */
function judgePhase(phase: Phase, manifest: RecordingManifest, events: readonly JournalEvent[], gaps: string[]): void {
  const captures = manifest.captures.filter((c) => c.phase === phase);
  const flows = manifest.traffic.filter((t) => t.phase === phase);
  const own = events.filter(({ detail }) => detail.phase === phase);
  const at = (name: string): JournalEvent | undefined => own.find(({ event }) => event === name);
  const starting = at('captures-starting');
  if (captures.length === 0 && starting === undefined) return;
  if (captures.some(({ part }) => part !== undefined) || own.some(({ detail }) => Array.isArray(detail.parts))) {
    judgeParts(captures, flows, own, gaps);
    return;
  }
  const [ready, stopped] = [at('captures-ready'), at('captures-stopped')];
  for (const [name, line] of Object.entries({ 'captures-starting': starting, 'captures-ready': ready, 'captures-stopped': stopped }))
    if (line === undefined) gaps.push(`${phase} phase: the journal has no ${name}`);
  if (starting === undefined || ready === undefined || stopped === undefined) return;
  judgeInterfaces(phase, starting, captures, gaps);
  for (const capture of captures)
    if (!inside(capture.startedAt, starting.at, ready.at) || !inside(capture.stoppedAt, ready.at, stopped.at))
      gaps.push(
        `${capture.file}: it listened from ${capture.startedAt.utc} to ${capture.stoppedAt.utc}, the journal says from ${starting.at.utc} to ${stopped.at.utc}`,
      );
  for (const end of ['start', 'end'])
    if (!events.some(({ event, detail }) => event === 'beacons' && detail.phase === phase && detail.end === end))
      gaps.push(`${phase} phase: the journal has no beacons of the ${end}`);
  judgeDriven(phase, flows, { from: ready.at, to: stopped.at }, gaps);
  const ended = at('traffic-ended');
  if (phase === 'window' || flows.length === 0) return;
  if (ended === undefined) gaps.push(`${phase} phase: the journal has no traffic-ended`);
  else if (!inside(ended.at, ready.at, stopped.at)) gaps.push(`${phase} phase: the captures were stopped before the traffic ended`);
}

function judgeDriven(phase: Phase, flows: RecordingManifest['traffic'], { from, to }: Stretch, gaps: string[]): void {
  const outside = flows.filter((f) => f.sent > 0 && !(inside(f.startedAt, from, to) && inside(f.endedAt, from, to)));
  const [first] = outside;
  if (first !== undefined)
    gaps.push(
      `${phase} phase: ${outside.length} of ${flows.length} flow(s) were driven outside its time, the first ${first.id} from ${first.startedAt.utc}`,
    );
}

/** In a long watch each part has its own lines; the flows were driven from the first part on, until the last one ended. */
function judgeParts(
  captures: RecordingManifest['captures'],
  flows: RecordingManifest['traffic'],
  own: readonly JournalEvent[],
  gaps: string[],
): void {
  const names = new Set(captures.map(captureLabel));
  const partsOf = ({ detail }: JournalEvent): readonly unknown[] => (Array.isArray(detail.parts) ? detail.parts : []);
  for (const name of new Set(own.flatMap(partsOf)))
    if (!names.has(String(name))) gaps.push(`window phase: the journal has a capture of ${String(name)}, the manifest does not`);
  const ends: Stretch[] = [];
  for (const capture of captures) {
    const name = captureLabel(capture);
    const lines = own.filter((line) => partsOf(line).includes(name));
    const at = (event: string): Instant | undefined => lines.find((line) => line.event === event)?.at;
    const [starting, ready, stopped] = [at('captures-starting'), at('captures-ready'), at('captures-stopped')];
    const beacons = ['start', 'end'].every((end) => lines.some(({ event, detail }) => event === 'beacons' && detail.end === end));
    if (starting === undefined || ready === undefined || stopped === undefined || !beacons)
      gaps.push(`window phase: the journal does not say when ${name} was started, ready, given its beacons and stopped`);
    else if (!inside(capture.startedAt, starting, ready) || !inside(capture.stoppedAt, ready, stopped))
      gaps.push(
        `${capture.file}: it listened from ${capture.startedAt.utc} to ${capture.stoppedAt.utc}, the journal says from ${starting.utc} to ${stopped.utc}`,
      );
    else ends.push({ from: ready, to: stopped });
  }
  const [from] = ends.map((end) => end.from).sort((a, b) => a.monotonicMs - b.monotonicMs);
  const to = ends
    .map((end) => end.to)
    .sort((a, b) => a.monotonicMs - b.monotonicMs)
    .at(-1);
  if (from !== undefined && to !== undefined) judgeDriven('window', flows, { from, to }, gaps);
}

/** After an un-encrypted phase encryption was turned on, and before anything was judged. */
function judgeEnabling({ captures }: RecordingManifest, events: readonly JournalEvent[], gaps: string[]): void {
  if (captures.every((c) => c.phase !== 'clear')) return;
  const enabled = events.findIndex(({ event }) => event === 'encryption-enabled');
  if (enabled < 0) gaps.push('the journal does not say that encryption was turned on after the un-encrypted phase');
  for (const [index, { event, at, detail }] of events.entries())
    if (enabled >= 0 && event === 'captures-starting' && index < enabled !== (detail.phase === 'clear'))
      gaps.push(
        `encryption was turned on at ${events[enabled]?.at.utc}, and the captures of the ${String(detail.phase)} phase were started at ${at.utc}`,
      );
}

/** Every capture that was started is in the manifest, and no other. */
function judgeInterfaces(phase: Phase, { detail }: JournalEvent, captures: RecordingManifest['captures'], gaps: string[]): void {
  if (!Array.isArray(detail.interfaces)) return;
  const started = new Set(detail.interfaces.map(String));
  const kept = new Set(captures.map(captureLabel));
  for (const name of started) if (!kept.has(name)) gaps.push(`${phase} phase: the journal has a capture of ${name}, the manifest does not`);
  for (const name of kept) if (!started.has(name)) gaps.push(`${phase} phase: the manifest has a capture of ${name}, the journal does not`);
}

/** The commands of a snapshot ran while it was taken. */
function judgeSnapshot(snapshot: Snapshot, manifest: RecordingManifest, events: readonly JournalEvent[], gaps: string[]): void {
  const commands = manifest.commands.filter((c) => c.snapshot === snapshot);
  if (commands.length === 0) return;
  const at = (name: string): JournalEvent | undefined => events.find(({ event, detail }) => event === name && detail.snapshot === snapshot);
  const [started, ended] = [at('snapshot-started'), at('snapshot-ended')];
  if (started === undefined || ended === undefined) {
    gaps.push(`snapshot ${snapshot}: the journal has no ${started === undefined ? 'start' : 'end'} of it`);
    return;
  }
  const outside = commands.filter((c) => !inside(c.startedAt, started.at, ended.at) || !inside(c.endedAt, started.at, ended.at));
  const [first] = outside;
  if (first !== undefined)
    gaps.push(
      `snapshot ${snapshot}: ${outside.length} of ${commands.length} command(s) ran outside its time, the first ${first.collector} of ${first.node ?? 'the API server'} at ${first.startedAt.utc}`,
    );
}

function inside(moment: Instant, from: Instant, to: Instant): boolean {
  return liesInside({ from, to }, { from: moment, to: moment });
}
