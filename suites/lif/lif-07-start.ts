import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { answersAtTheEnd, windowTraffic } from '../../harness/judge/window/losses.ts';
import { eventsOf, momentOf, since } from '../../harness/judge/window/moments.ts';
import { expectNoPlaintext } from '../../harness/judge/window/sentinel.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import type { JournalEvent } from '../../harness/model/recording.ts';

/** LIF-07: a node that starts protects traffic before its pods can send. */
export const lif07: Check = {
  id: 'LIF-07',
  must: 'While an agent starts on a node that has pods, or a node comes back from a hard restart, no traffic of its pods is readable, and afterwards its traffic is answered again',
  modes: ['ipsec', 'wireguard', 'tls'],
  scenarios: ['agent-start', 'node-restart'],
  evidence: 'sentinel capture of the whole window, every request that was sent in it, {nodeObject} objects, journal',
  subject: 'plaintext',
  needs: ['capture'],
  remedy:
    'Keep pods off a node until its agent is ready: taint it until then, and cordon and drain it before a restart (`kubectl drain NODE`). Strict mode (`encryption.strictMode`) drops what the node does not protect yet. If its traffic gets no answers afterwards: {restartAgents} of the named node. With TLS: look whether the pods of the node have their redirection again (`nft list ruleset` in their network namespaces), and delete the pods that have not.',
  judge(x) {
    const restart = x.facts.manifest.run.scenario === 'node-restart';
    const done = eventsOf(x.facts, restart ? 'node-restarted' : 'agent-started').at(-1);
    const node = x.facts.manifest.cluster.nodes.find(({ name }) => name === done?.detail.node);
    if (done === undefined || node === undefined)
      x.gap(`the journal names no node ${restart ? 'that was restarted' : 'on which an agent was started'}`);
    else {
      flowsAgain(x, done, node);
      if (restart) otherBoot(x, node);
    }
    expectNoPlaintext(x, restart ? 'node-restart' : 'agent-start');
    return x.conclude('flows and windows');
  },
};

/** Traffic that gets no answers afterwards does not show whether it would have been protected. */
function flowsAgain(x: Examination, done: JournalEvent, { name }: NodeDescription): void {
  const own = windowTraffic(x.facts).filter(({ source, destination }) => source.node === name || destination.node === name);
  if (own.length === 0) x.gap(`no traffic of ${name} was driven in the window`, { node: name });
  for (const flow of own) {
    if (answersAtTheEnd(flow)) x.held();
    else x.gap(`${flow.id}: got no answer after ${name} was up again at ${since(x.facts, momentOf(done))}`, { node: name });
  }
}

/** Keys per tunnel are derived from the boot id: with the old boot id the same sequence numbers are used again with the same key. */
function otherBoot(x: Examination, { name, bootId }: NodeDescription): void {
  if (bootId === undefined || x.stack.readings === null) return;
  const api = x.facts.state.api.find(({ snapshot }) => snapshot === 'before');
  const objects = api === undefined ? undefined : x.use(api.nodeObjects);
  const published = objects?.find((object) => object.name === name)?.bootId;
  if (published !== undefined)
    x.expect(published !== bootId, `${x.words.nodeObject} ${name} still has the boot id from before its restart, ${bootId}`, {
      node: name,
    });
}
