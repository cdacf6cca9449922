import { parseBoundedJson } from '../../model/bounded-json.ts';
import { KEY_PATTERNS_FILE, type KeyPattern, keyPatternsSchema } from '../../model/key-patterns.ts';
import { JOURNAL_FORM, journalForm, type Recording, type Snapshot } from '../../model/recording.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import { readNode } from './node-reader.ts';
import type { ApiState, Datum, StateFacts } from './node-state.ts';
import { readAll, readOne } from './read-datum.ts';

export type { StateFacts } from './node-state.ts';

const SNAPSHOTS: readonly Snapshot[] = ['clear', 'before', 'connected', 'after', 'end', 'inbound'];

/** Decode the command outputs of a recording. Never throws for the content of an output: the datum then has the reason. */
export async function readState(recording: Recording): Promise<StateFacts> {
  const { nodes } = recording.manifest.cluster;
  return {
    nodes: await Promise.all(SNAPSHOTS.flatMap((snapshot) => nodes.map(({ name }) => readNode(recording, name, snapshot)))),
    api: await Promise.all(SNAPSHOTS.map((snapshot) => readApi(recording, snapshot))),
    keyPatterns: await readKeyPatterns(recording),
  };
}

/** The answers of the API server in one snapshot. */
async function readApi(recording: Recording, snapshot: Snapshot): Promise<ApiState> {
  const place = { snapshot, node: null };
  const { readings, meshReadings } = stackOf(recording.manifest.intent);
  return {
    snapshot,
    nodeObjects: await readAll(recording, place, readings?.nodeObjects),
    keySecret: await readOne(recording, place, readings?.keySecret),
    keyCopy: await readOne(recording, place, readings?.keyCopy),
    keyCreated: await readOne(recording, place, readings?.keyCreated),
    configMap: await readAll(recording, place, readings?.configMap),
    enrolment: await readAll(recording, place, meshReadings?.enrolment?.of === 'api' ? meshReadings.enrolment : undefined),
  };
}

/**
 * Patterns of the keys whose fingerprints are in the outputs. Only a recording whose journal has an earlier format may lack them: the
 * recorder of this format always writes them.
 */
async function readKeyPatterns(recording: Recording): Promise<Datum<ReadonlyMap<string, KeyPattern>>> {
  const missing = recording.manifest.files.every(({ path }) => path !== KEY_PATTERNS_FILE);
  const absent = missing && journalForm(await recording.events()) < JOURNAL_FORM;
  if (missing) return { ok: false, reason: `${KEY_PATTERNS_FILE}: not in the recording`, absent, evidence: [] };
  try {
    const { keys } = keyPatternsSchema.parse(parseBoundedJson(await recording.text(KEY_PATTERNS_FILE)));
    return { ok: true, value: new Map(Object.entries(keys)), evidence: [KEY_PATTERNS_FILE], commands: [] };
  } catch (error) {
    const why = error instanceof Error ? error.name : String(error);
    return { ok: false, reason: `${KEY_PATTERNS_FILE}: cannot be read (${why})`, absent, evidence: [KEY_PATTERNS_FILE] };
  }
}
