import type { Check } from '../../harness/judge/check.ts';
import { configMapOption, configured } from '../../harness/judge/state/agent-config.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { MODE_NAMES, type Mode } from '../../harness/model/mode.ts';
import { encryptionName } from '../../harness/stacks/agent-items.ts';

/** What the cluster reports, compared with what the user claims. */
export const pre01: Check = {
  id: 'PRE-01',
  must: 'What the cluster reports equals the claim: mode, node encryption, routing and IP families',
  modes: ['ipsec', 'wireguard', 'none'],
  evidence: 'status and encryption status of every agent, before and after; configuration of every agent and the ConfigMap, before',
  subject: 'claim',
  needs: ['agent-shell'],
  remedy: `See what the agents report: \`{agent} status | grep -i encryption\`. If the claim is wrong, correct it; if the cluster is wrong, set \`encryption.enabled\` and \`encryption.type\` with \`{helmUpgrade}\`, then {restartAgents}, because a changed ConfigMap restarts no agent.`,
  judge(x) {
    const { intent } = x.facts.manifest;
    const wanted = intent.mode;
    for (const node of x.nodes('before', 'after')) {
      const status = x.use(node.agentStatus);
      if (status === undefined) continue;
      const { mode, nodeEncryption, text } = status.encryption;
      if (mode === 'unknown') x.gap(`${at(node)}: the status says nothing about encryption`, { node: node.node });
      else
        x.expect(mode === wanted, `${at(node)}: the agent reports encryption ${text ?? mode}, the intent claims ${intent.mode}`, {
          node: node.node,
        });
      if (intent.mode === 'wireguard' && mode === wanted && nodeEncryption !== undefined)
        x.expect(
          /^enabled/i.test(nodeEncryption) === intent.nodeEncryption,
          `${at(node)}: node encryption is ${nodeEncryption}, the intent claims ${intent.nodeEncryption}`,
          { node: node.node },
        );
    }
    for (const node of x.nodes('before', 'after')) audit(x, node, wanted);
    for (const node of x.once('agentConfig')) {
      routing(x, node, node.agentStatus.ok ? node.agentStatus.value.routing : undefined);
      families(x, node);
    }
    return x.conclude(
      'statements',
      `encryption ${MODE_NAMES[wanted]}, node encryption ${intent.nodeEncryption}, routing ${intent.routing}`,
    );
  },
};

/** The agent's second report of its mode. */
function audit(x: Examination, node: NodeState, wanted: Mode): void {
  if (!node.encryptionStatus.ok && node.encryptionStatus.absent) return;
  const status = x.use(node.encryptionStatus);
  if (status === undefined) return;
  if (status.mode === 'unknown') x.gap(`${at(node)}: encrypt status shows no mode`, { node: node.node });
  else
    x.expect(
      status.mode === wanted,
      `${at(node)}: encrypt status says ${encryptionName(status.mode)}, the intent claims ${x.facts.manifest.intent.mode}`,
      {
        node: node.node,
      },
    );
}

/** A family that is off has no traffic, so nothing could be proven about it. Families outside the claim are not judged. */
function families(x: Examination, node: NodeState): void {
  for (const family of x.facts.manifest.intent.families) {
    const value = configured(x, node, `enable-${family}`);
    if (value !== undefined)
      x.expect(value === 'true', `${at(node)}: enable-${family} is ${value}, the intent claims ${family}`, { node: node.node });
  }
}

function routing(x: Examination, node: NodeState, reported: string | undefined): void {
  const { intent } = x.facts.manifest;
  const mode = configured(x, node, 'routing-mode');
  const protocol = configured(x, node, 'tunnel-protocol');
  const tunnel = intent.routing === 'native' ? 'native' : 'tunnel';
  if (reported !== undefined)
    x.expect(
      reported === intent.routing || reported === tunnel,
      `${at(node)}: the agent reports ${reported} routing, the intent claims ${intent.routing}`,
      { node: node.node },
    );
  const due = { mode: configMapOption(x, node.snapshot, 'routing-mode'), protocol: configMapOption(x, node.snapshot, 'tunnel-protocol') };
  if (due.mode)
    x.expect(due.mode === tunnel, `${at(node)}: the ConfigMap has routing mode ${due.mode}, the intent claims ${intent.routing}`, {
      node: node.node,
    });
  if (due.protocol && tunnel === 'tunnel')
    x.expect(
      due.protocol === intent.routing,
      `${at(node)}: the ConfigMap has tunnel protocol ${due.protocol}, the intent claims ${intent.routing}`,
      { node: node.node },
    );
  if (mode) x.expect(mode === tunnel, `${at(node)}: routing mode ${mode}, the intent claims ${intent.routing}`, { node: node.node });
  if (protocol && mode === 'tunnel' && tunnel === 'tunnel')
    x.expect(protocol === intent.routing, `${at(node)}: tunnel protocol ${protocol}, the intent claims ${intent.routing}`, {
      node: node.node,
    });
}
