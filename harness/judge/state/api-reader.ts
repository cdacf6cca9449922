import type { Recording, Snapshot } from '../../model/recording.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import type { ApiState } from './node-state.ts';
import { readAll, readOne } from './read-datum.ts';

/** What the API server said in one snapshot. */
export async function readApi(recording: Recording, snapshot: Snapshot): Promise<ApiState> {
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
