import type { Lifecycle, NodeDescription } from '../model/cluster.ts';
import { reachedNodes } from '../model/scope.ts';
import type { RecordingSession } from './session.ts';
import type { Load } from './traffic/load.ts';
import type { Window } from './window.ts';

/** What is changed in a window. */
export type Change = (session: RecordingSession, window: Window) => Promise<void>;

/** Milliseconds of load that a new pod lives for, once everybody knows of it. */
const POD_LIFE_MS = 2000;
/** Milliseconds of load between the restarts of two agents. */
const BETWEEN_RESTARTS_MS = 1000;

/**
 * Rotate the key. Each step goes into the journal as it begins; one that names a time (`waitMs`) lasts as long, measured on
 * the load.
 */
export const rotateKey: Change = async ({ cluster, writer, progress }, window) => {
  const { keys } = cluster;
  if (keys.rotate === undefined) throw new RangeError(`${cluster.description.name}: the keys of this cluster cannot be rotated`);
  writer.event('rotation-started', { ...(await keys.current()) });
  progress('window: rotating the key');
  await keys.rotate(async (name, detail) => {
    writer.event('rotation-step', { name, ...detail });
    const { waitMs } = detail;
    if (typeof waitMs === 'number') await window.lasts(waitMs);
  });
  writer.event('rotation-ended', { ...(await keys.current()) });
};

/** Restart the agent of one node after the other. */
export const restartAgents: Change = async (session, window) => {
  const { cluster, writer, progress } = session;
  const restartAgent = ableTo(session, 'restartAgent');
  for (const { name } of reachedNodes(cluster.description)) {
    progress(`window: restarting the agent of ${name}`);
    writer.event('agent-restart', { node: name });
    await restartAgent(name);
    writer.event('agent-restarted', { node: name });
    await window.lasts(BETWEEN_RESTARTS_MS);
  }
};

/** A new pod on the first node and then on the last: it sends from the moment it can until it is gone. */
export const churnPods: Change = async (session, window) => {
  const { cluster, writer, progress } = session;
  const [addPod, deletePod] = [ableTo(session, 'addPod'), ableTo(session, 'deletePod')];
  const { nodes, pods } = cluster.description;
  const namespace = pods[0]?.namespace ?? 'default';
  const places = new Set([nodes[0]?.name, nodes.at(-1)?.name].filter((name) => name !== undefined));
  for (const [index, node] of [...places].entries()) {
    const pod = { namespace, name: `churn-${index + 1}`, node };
    const name = `${namespace}/${pod.name}`;
    progress(`window: pod ${name} comes and goes on ${node}`);
    let load: Load | undefined;
    writer.event('pod-adding', { pod: name, node });
    const added = await addPod(pod, async (started) => {
      load = await window.loadFrom(started);
    });
    writer.event('pod-added', { pod: name, node, addresses: added.addresses });
    await window.lasts(POD_LIFE_MS);
    writer.event('pod-deleting', { pod: name, node });
    await deletePod(name);
    writer.event('pod-deleted', { pod: name, node });
    if (load !== undefined) await window.finish(load);
  }
};

/** Bring in the last node, which was held back until now. */
export const joinNode = async (session: RecordingSession): Promise<void> => {
  const node = lastNode(session);
  session.progress(`window: ${node.name} joins`);
  session.writer.event('node-joining', { node: node.name });
  await ableTo(session, 'joinNode')(node.name);
  session.writer.event('node-joined', { node: node.name });
};

/** The last node leaves. */
export const leaveNode: Change = async (session) => {
  const node = lastNode(session);
  session.progress(`window: ${node.name} leaves`);
  session.writer.event('node-leaving', { node: node.name });
  await ableTo(session, 'leaveNode')(node.name);
  session.writer.event('node-left', { node: node.name });
};

/** Turn encryption off as users do. */
export const disableEncryption: Change = async (session) => {
  session.progress('window: turning encryption off');
  session.writer.event('disabling', {});
  await ableTo(session, 'disableEncryption')();
  session.writer.event('disabled', {});
};

/** Another version of the agents, as users upgrade. @throws RangeError where there is none */
export const upgradeAgents: Change = async (session) => {
  const upgrade = ableTo(session, 'upgrade');
  session.progress('window: upgrading the agents');
  session.writer.event('upgrading', {});
  await upgrade();
  session.writer.event('upgraded', {});
};

/** The node that joins or leaves. @throws RangeError for a cluster of one node */
export function lastNode({ cluster }: RecordingSession): NodeDescription {
  const { nodes, name } = cluster.description;
  const last = nodes.at(-1);
  if (last === undefined || nodes.length < 2) throw new RangeError(`${name}: a node can join or leave only where there are two`);
  return last;
}

/** @throws RangeError where the cluster does not offer it */
function ableTo<Name extends keyof Lifecycle>({ cluster }: RecordingSession, what: Name): NonNullable<Lifecycle[Name]> {
  const { lifecycle, description } = cluster;
  if (lifecycle === undefined) throw new RangeError(`${description.name}: the harness may not change this cluster`);
  const change = lifecycle[what];
  if (change === undefined) throw new RangeError(`${description.name}: this cluster offers no ${what}`);
  return change as NonNullable<Lifecycle[Name]>;
}
