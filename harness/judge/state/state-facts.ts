import type { Recording, Snapshot } from '../../model/recording.ts';
import { readApi } from './api-reader.ts';
import { readNode } from './node-reader.ts';
import type { StateFacts } from './node-state.ts';

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
