import type { Recording, Snapshot } from '../../model/recording.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import { readNode } from './node-reader.ts';
import type { ApiState, StateFacts } from './node-state.ts';
import { readAll, readOne } from './read-datum.ts';

export type { StateFacts } from './node-state.ts';

const SNAPSHOTS: readonly Snapshot[] = ['clear', 'before', 'after', 'end'];

/** Decode the command outputs of a recording. Never throws for what an output says: a datum then carries the reason. */
export async function readState(recording: Recording): Promise<StateFacts> {
  const { nodes } = recording.manifest.cluster;
  return {
    nodes: await Promise.all(SNAPSHOTS.flatMap((snapshot) => nodes.map(({ name }) => readNode(recording, name, snapshot)))),
    api: await Promise.all(SNAPSHOTS.map((snapshot) => readApi(recording, snapshot))),
  };
}

/** What the API server said in one snapshot. */
async function readApi(recording: Recording, snapshot: Snapshot): Promise<ApiState> {
  const place = { snapshot, node: null };
  const { readings } = stackOf(recording.manifest.intent);
  return {
    snapshot,
    nodeObjects: await readAll(recording, place, readings?.nodeObjects),
    keySecret: await readOne(recording, place, readings?.keySecret),
    keyCopy: await readOne(recording, place, readings?.keyCopy),
    configMap: await readAll(recording, place, readings?.configMap),
  };
}
