import type { Lifecycle, NodeDescription } from '../model/cluster.ts';
import { reachedNodes } from '../model/scope.ts';
import type { RecordingSession } from './session.ts';
import type { Load } from './traffic/load.ts';
import type { Window } from './window.ts';

/** What is changed in a window. */
export type Change = (session: RecordingSession, window: Window) => Promise<void>;

/** Lifetime of a new pod after all nodes know it, in milliseconds of load. */
const POD_LIFE_MS = 2000;
/** Milliseconds of load for which a node is off. */
const NODE_OFF_MS = 1000;
/** Milliseconds of load between the restarts of two agents. */
const BETWEEN_RESTARTS_MS = 1000;

/**
 * Rotate the key. Each step is written to the journal when it begins; a step with a time (`waitMs`) lasts that long, measured on the load.
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

/** Start the agent of the last node, whose pods send already. */
export const startLastAgent = async (session: RecordingSession): Promise<void> => {
  const node = lastNode(session);
  session.progress(`window: the agent of ${node.name} starts`);
  session.writer.event('agent-starting', { node: node.name });
  await ableTo(session, 'startAgent')(node.name);
  session.writer.event('agent-started', { node: node.name });
};

/** Cut the last node off without drain, and start it again. */
export const restartLastNode: Change = async (session, window) => {
  const node = lastNode(session);
  session.progress(`window: ${node.name} is cut off and starts again`);
  session.writer.event('node-restarting', { node: node.name });
  await ableTo(session, 'restartNode')(node.name, async () => {
    session.writer.event('node-off', { node: node.name });
    await window.lasts(NODE_OFF_MS);
  });
  session.writer.event('node-restarted', { node: node.name });
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

/** A new pod on the first node and then on the last: it sends as soon as it can until it is gone. */
export const churnPods: Change = async (session, window) => {
  const { nodes } = session.cluster.description;
  const places = new Set([nodes[0]?.name, nodes.at(-1)?.name].filter((name) => name !== undefined));
  for (const [index, node] of [...places].entries()) await passingPod(session, window, `churn-${index + 1}`, node);
};

/** A pod of the last node is deleted while it sends, and then another one comes there, which is given the address that became free. */
export const replacePod: Change = async (session, window) => {
  const { name: node } = lastNode(session);
  for (const name of ['deleted-1', 'deleted-2']) await passingPod(session, window, name, node);
};

/** A pod comes, sends from the moment it can, and is deleted while it sends. */
async function passingPod(session: RecordingSession, window: Window, name: string, node: string): Promise<void> {
  const { cluster, writer, progress } = session;
  const [add, remove] = [ableTo(session, 'addPod'), ableTo(session, 'deletePod')];
  const namespace = cluster.description.pods[0]?.namespace ?? 'default';
  const pod = `${namespace}/${name}`;
  progress(`window: pod ${pod} comes and goes on ${node}`);
  let load: Load | undefined;
  writer.event('pod-adding', { pod, node });
  const added = await add({ namespace, name, node }, async (started) => {
    load = await window.loadFrom(started);
  });
  writer.event('pod-added', { pod, node, addresses: added.addresses });
  await window.lasts(POD_LIFE_MS);
  writer.event('pod-deleting', { pod, node });
  await remove(pod);
  writer.event('pod-deleted', { pod, node });
  if (load !== undefined) await window.finish(load);
}

/** Add the last node, which was left out until now. */
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

/** Upgrade the agents to another version, as users do. @throws RangeError where there is none */
export const upgradeAgents: Change = async (session) => {
  const upgrade = ableTo(session, 'upgrade');
  session.progress('window: upgrading the agents');
  session.writer.event('upgrading', {});
  await upgrade();
  session.writer.event('upgraded', {});
};

/** The node that joins, leaves or restarts. @throws RangeError for a cluster of one node */
export function lastNode({ cluster }: RecordingSession): NodeDescription {
  const { nodes, name } = cluster.description;
  const last = nodes.at(-1);
  if (last === undefined || nodes.length < 2) throw new RangeError(`${name}: a node can join, leave or restart only where there are two`);
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
