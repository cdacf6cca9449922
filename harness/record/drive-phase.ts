import type { Cluster } from '../model/cluster.ts';
import { nodePairs } from '../model/node-pairs.ts';
import type { FlowEnd, Phase } from '../model/recording.ts';
import type { Shell } from '../model/shell.ts';
import { eachOf } from '../proc/each-of.ts';
import { stackOf } from '../stacks/stack-of.ts';
import { Captures } from './capture.ts';
import { fullCaptures } from './capture-targets.ts';
import { collectSnapshot } from './collect.ts';
import type { RecordingSession } from './session.ts';
import { driveFlows } from './traffic/drive-flows.ts';
import { withHeldConnections } from './traffic/hold-connections.ts';
import { openPairs } from './traffic/open-pairs.ts';
import { planFlows } from './traffic/plan-flows.ts';
import { plannedCanaries } from './traffic/planned-flow.ts';

/** Where the flows of a source are driven from. @throws RangeError for a client outside that the cluster does not have */
function shellOf(cluster: Cluster, { kind, name }: FlowEnd): Shell {
  if (kind === 'node') return cluster.host(name);
  if (kind !== 'outside') return cluster.workloads.shell(name);
  if (cluster.outside === undefined) throw new RangeError(`the cluster has no client ${name} outside it`);
  return cluster.outside;
}

/** Sources driven at the same time: a few in the lab, which is one machine; in a large cluster each node's own machine drives. */
const SOURCES_AT_ONCE = 3;
const NODES_PER_SOURCE = 4;

/**
 * All flows once, with full captures at every capture point. In the judged phase every pair of nodes exchanges packets first, under the
 * same captures.
 *
 * @param ready called when the captures are ready, before the first flow
 */
export async function drivePhase(session: RecordingSession, phase: Phase, ready?: () => Promise<void>): Promise<void> {
  const { cluster, writer, intent, signal } = session;
  const flows = planFlows(cluster.description, intent, session.flows, nodePairs(cluster.description, session.sample));
  session.progress(`${phase === 'clear' ? 'un-encrypted' : phase} phase: ${flows.length} flows`);
  const captures = await Captures.start(writer, phase, await fullCaptures(cluster, intent), signal);
  try {
    await ready?.();
    if (phase === 'encrypted') await openPairs(session, phase);
    writer.event('traffic-planned', { phase, flows: plannedCanaries(flows) });
    const atOnce = Math.max(SOURCES_AT_ONCE, Math.ceil(cluster.description.nodes.length / NODES_PER_SOURCE));
    await eachOf(Map.groupBy(flows, (flow) => flow.source.name).values(), atOnce, async (group) => {
      const { source } = group[0]!;
      signal?.throwIfAborted();
      writer.traffic(await driveFlows(shellOf(cluster, source), group, phase, () => writer.now(), { signal }));
    });
    writer.event('traffic-ended', { phase });
    if (phase === 'encrypted' && stackOf(intent).readsConnected?.(intent) === true)
      await withHeldConnections(session, () => collectSnapshot(session, 'connected'));
  } finally {
    await captures.stop();
    await writer.checkpoint();
  }
}
