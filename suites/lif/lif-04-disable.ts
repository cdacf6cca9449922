import type { Check } from '../../harness/judge/check.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { answersAtTheEnd, windowTraffic } from '../../harness/judge/window/losses.ts';
import { firstMoment, lastMoment, since } from '../../harness/judge/window/moments.ts';
import { readSentinel } from '../../harness/judge/window/sentinel.ts';
import { encryptionName } from '../../harness/stacks/agent-items.ts';
import type { IpsecProfile, Profile } from '../../harness/stacks/profile.ts';

/** LIF-04: when encryption is turned off, the harness sees it, and the remains of it are listed. */
export const lif04: Check = {
  id: 'LIF-04',
  must: 'When encryption is turned off, status and wire both show it, and the remains of it are listed; with TLS, every flow is answered afterwards',
  modes: ['ipsec', 'wireguard', 'tls'],
  scenarios: ['disable'],
  evidence:
    'status, SAs, policies, rules, table 200 and devices of every node at the end, sentinel capture of the window; with TLS, requests of the window and the redirection of the pods',
  subject: 'wire',
  needs: ['host-shell', 'capture'],
  remedy: `If the status still says that encryption is on: {restartAgents}, because a changed ConfigMap restarts no agent. Remove what is left on every node, before WireGuard follows: \`ip xfrm policy flush\`, \`ip xfrm state flush\`, \`ip rule del pref 1\`, \`ip route flush table 200\`.`,
  judge(x) {
    const { profile } = x;
    judgeWire(x);
    if (x.facts.manifest.intent.mode === 'tls') {
      for (const node of x.nodes('end')) judgeRedirection(x, node);
      // The requests of a redirection that is left go to a proxy that is not there.
      for (const flow of windowTraffic(x.facts))
        x.expect(answersAtTheEnd(flow), `${flow.id}: its last requests got no answer after encryption was turned off`, { flow: flow.id });
      return x.conclude('flows and windows');
    }
    for (const node of x.nodes('end')) {
      judgeStatus(x, node);
      judgeLeftovers(x, node, profile);
    }
    return x.conclude('statements of nodes and wire');
  },
};

/** A redirection that is left in a pod. A pod of which nothing was read may have one. */
function judgeRedirection(x: Examination, node: NodeState): void {
  const listed = x.use(node.enrolment);
  if (listed === undefined) return;
  for (const { namespace, name } of x.facts.manifest.cluster.pods.filter((pod) => pod.node === node.node)) {
    const pod = `${namespace}/${name}`;
    const entry = listed.find((one) => one.pod === pod);
    if (entry === undefined) x.gap(`${at(node)}: the rules of ${pod} were not read`, { node: node.node });
    else
      x.expect(!entry.enrolled, `${at(node)}: ${pod} is still enrolled after the mesh was turned off: ${entry.says}`, { node: node.node });
  }
}

/** Captures that show no plaintext after encryption was disabled could not have shown it before either. */
function judgeWire(x: Examination): void {
  const [began, done] = [firstMoment(x.facts, 'disabling'), lastMoment(x.facts, 'disabled')];
  const { leaks, gaps, files } = readSentinel(x.facts);
  x.cite(...files);
  for (const { text, ...about } of gaps) x.gap(text, about);
  if (done === null) {
    x.gap('the journal does not say when encryption was disabled');
    return;
  }
  const early = leaks.filter((leak) => leak.firstMs < (began ?? done));
  for (const leak of early) x.fault(`before encryption was disabled: ${leak.text}`, { capture: leak.capture, frame: leak.frame });
  const late = leaks.filter((leak) => leak.lastMs >= done);
  const frames = late.reduce((n, leak) => n + leak.frames, 0);
  if (late.length > 0) {
    x.held();
    x.note(`disabled at ${since(x.facts, done)}, ${frames} readable frame(s) from then on`);
  } else if (windowTraffic(x.facts).every((t) => t.answered === 0)) x.gap('no traffic of the window was answered');
  else x.fault(`encryption was disabled at ${since(x.facts, done)}, and no plaintext was seen afterwards`);
}

function judgeStatus(x: Examination, node: NodeState): void {
  const agent = node.encryptionStatus.ok ? x.use(node.encryptionStatus)?.mode : x.use(node.agentStatus)?.encryption.mode;
  if (agent === undefined) return;
  if (agent === 'unknown') x.gap(`${at(node)}: the status does not say whether encryption is on`, { node: node.node });
  else x.expect(agent === 'none', `${at(node)}: the status still says ${encryptionName(agent)}`, { node: node.node });
}

function judgeLeftovers(x: Examination, node: NodeState, { ipsec }: Profile): void {
  for (const sa of x.use(node.xfrmStates) ?? []) x.fault(`${at(node)}: SA ${sa.src} -> ${sa.dst} is left`, { node: node.node });
  for (const policy of x.use(node.xfrmPolicies) ?? []) {
    const name = `${policy.dir} ${policy.action} policy ${policy.src} -> ${policy.dst}`;
    if (policy.action === 'block' && ipsec?.blockPolicyOutlives.value === true)
      x.note(`${at(node)}: the ${name} is left, which this version does not remove; it blocks WireGuard if that is enabled next`);
    else x.fault(`${at(node)}: ${name} is left`, { node: node.node });
  }
  if (ipsec !== null) judgeRouting(x, node, ipsec);
  // With IPsec the recorder does not read a WireGuard device.
  if (x.facts.manifest.intent.mode !== 'wireguard') return;
  const device = x.use(node.wireguard);
  if (device !== undefined) x.expect(device === null, `${at(node)}: the device ${x.words.wireguardDevice} is left`, { node: node.node });
}

function judgeRouting(x: Examination, node: NodeState, ipsec: IpsecProfile): void {
  const marks = new Set(ipsec.ipRules.value.map(({ mark }) => mark.value));
  const rules = x.use(node.ipRules);
  const left = (rules ?? []).filter((rule) => rule.fwmark !== undefined && marks.has(rule.fwmark) && rule.lookup === '200');
  for (const rule of left)
    x.fault(`${at(node)}: rule ${rule.priority} for mark 0x${rule.fwmark?.toString(16)} is left`, { node: node.node });
  const table = x.use(node.table200);
  if (table !== undefined) x.expect(table.length === 0, `${at(node)}: ${table.length} route(s) of table 200 are left`, { node: node.node });
}
