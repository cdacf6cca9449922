import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { windowTraffic } from '../../harness/judge/window/losses.ts';
import { eventsOf, momentOf, since } from '../../harness/judge/window/moments.ts';
import { expectNoPlaintext } from '../../harness/judge/window/sentinel.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import type { JournalEvent, TrafficRecord } from '../../harness/model/recording.ts';

/** LIF-07: a node that comes up protects before it lets pods send. */
export const lif07: Check = {
  id: 'LIF-07',
  must: 'While an agent starts on a node that has pods, or a node comes back from a hard restart, nothing of its pods is readable, and then its traffic flows again',
  modes: ['ipsec', 'wireguard'],
  scenarios: ['agent-start', 'node-restart'],
  evidence: 'sentinel capture of the whole window, every request that was sent in it, {nodeObject} objects, journal',
  subject: 'plaintext',
  needs: ['capture'],
  remedy:
    'Keep pods off a node until its agent is ready: taint it until then, and cordon and drain it before a restart (`kubectl drain NODE`). Strict mode (`encryption.strictMode`) drops what the node does not protect yet. For what stays silent afterwards: {restartAgents} of the named node.',
  judge(x) {
    const restart = x.facts.manifest.run.scenario === 'node-restart';
    const done = eventsOf(x.facts, restart ? 'node-restarted' : 'agent-started').at(-1);
    const node = x.facts.manifest.cluster.nodes.find(({ name }) => name === done?.detail.node);
    if (done === undefined || node === undefined) x.gap(`the journal names no node that ${restart ? 'was restarted' : 'was started on'}`);
    else {
      flowsAgain(x, done, node);
      if (restart) otherBoot(x, node);
    }
    expectNoPlaintext(x, restart ? 'node-restart' : 'agent-start');
    return x.conclude('flows and windows');
  },
};

/** What stays silent afterwards shows nothing of how it would have been protected. */
function flowsAgain(x: Examination, done: JournalEvent, { name }: NodeDescription): void {
  const own = windowTraffic(x.facts).filter(({ source, destination }) => source.node === name || destination.node === name);
  if (own.length === 0) x.gap(`no traffic of ${name} was driven in the window`, { node: name });
  for (const flow of own) {
    if (answersAtTheEnd(flow)) x.held();
    else x.gap(`${flow.id}: got no answer any more after ${name} was up at ${since(x.facts, momentOf(done))}`, { node: name });
  }
}

/** As many requests of each flow at least are sent after the change is complete. */
const LAST_REQUESTS = 5;

/** Whether one of the last requests got an answer. Losses beyond those that are kept are unknown. */
function answersAtTheEnd({ sent, answered, load }: TrafficRecord): boolean {
  const losses = load?.losses ?? [];
  return (
    answered > 0 &&
    losses.length === sent - answered &&
    losses.filter(({ sequence }) => sequence > sent - LAST_REQUESTS).length < LAST_REQUESTS
  );
}

/** Keys per tunnel are derived from the boot id: with the one of before, the sequence numbers of before come again under the same key. */
function otherBoot(x: Examination, { name, bootId }: NodeDescription): void {
  if (bootId === undefined) return;
  const api = x.facts.state.api.find(({ snapshot }) => snapshot === 'before');
  const objects = api === undefined ? undefined : x.use(api.nodeObjects);
  const published = objects?.find((object) => object.name === name)?.bootId;
  if (published !== undefined)
    x.expect(published !== bootId, `${x.words.nodeObject} ${name} has the boot id of before its restart, ${bootId}`, { node: name });
}
