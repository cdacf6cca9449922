import type { Cluster } from '../model/cluster.ts';
import type { ScenarioName } from '../model/scenario.ts';
import {
  type Change,
  churnPods,
  disableEncryption,
  joinNode,
  lastNode,
  leaveNode,
  replacePod,
  restartAgents,
  restartLastNode,
  rotateKey,
  startLastAgent,
  upgradeAgents,
} from './changes.ts';
import { collectSnapshot } from './collect.ts';
import { proveEnd } from './proofs/prove.ts';
import { openSession, type RecordingSession, type ScenarioOptions } from './session.ts';
import { recordClear, recordJudged, recordSteady } from './steady.ts';
import { observe } from './watch-changes.ts';
import { recordWindow } from './window.ts';

/** What a scenario does while it records. */
export type Scenario = (options: ScenarioOptions) => Promise<void>;

/** Every scenario that can be recorded, by name. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  steady: recordSteady,
  rotation: steadyThen(rotateKey),
  'agent-start': windowFirst(startLastAgent),
  'agent-restart': steadyThen(restartAgents),
  'pod-churn': steadyThen(churnPods),
  'pod-delete': steadyThen(replacePod),
  'node-join': windowFirst(joinNode),
  'node-leave': steadyThen(leaveNode, withoutLastNode),
  'node-restart': windowFirst(restartLastNode),
  disable: steadyThen(disableEncryption),
  upgrade: steadyThen(upgradeAgents),
  observe: steadyThen(observe),
};

/** Everything of `steady`, then the window, then the state of the remaining nodes at the end. */
function steadyThen(change: Change, remaining: (session: RecordingSession) => Cluster = ({ cluster }) => cluster): Scenario {
  return async (options) => {
    using session = openSession(options);
    await recordClear(session);
    await recordJudged(session);
    await recordWindow(session, (window) => change(session, window));
    await recordEnd({ ...session, cluster: remaining(session) });
  };
}

/** The window comes first: the last node comes to a cluster that is encrypted already, and then all nodes are judged as in `steady`. */
function windowFirst(change: Change): Scenario {
  return async (options) => {
    using session = openSession(options);
    await recordClear(session);
    await recordWindow(session, (window) => change(session, window));
    await recordJudged(session);
    await recordEnd(session);
  };
}

async function recordEnd(session: RecordingSession): Promise<void> {
  session.progress('reading the state at the end');
  await collectSnapshot(session, 'end');
  proveEnd(session.writer, session.vault);
}

function withoutLastNode(session: RecordingSession): Cluster {
  const { cluster } = session;
  const gone = lastNode(session).name;
  const { description } = cluster;
  return {
    ...cluster,
    description: {
      ...description,
      nodes: description.nodes.filter(({ name }) => name !== gone),
      pods: description.pods.filter(({ node }) => node !== gone),
    },
  };
}
