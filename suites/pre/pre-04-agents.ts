import type { Check } from '../../harness/judge/check.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { LOG_CUT } from '../../harness/model/recording.ts';

/**
 * Log lines of these levels count when they are about encryption: of logrus and slog (`level=warning`, `level=WARN`), of both as JSON
 * (`"level":"error"`), of klog (`W1128 19:00:00.000000`), and of a program that crashes.
 */
const LEVEL = /\blevel"?\s?[=:]\s?"?(?:warn|warning|error|fatal|panic|critical)\b|^[WEF]\d{4} \d\d:\d\d:\d\d|^(?:panic|fatal error):/im;
/** Encryption is part of the datapath: an agent that failed to configure it was seen to leave out IPsec in the next attempt. */
const ABOUT_ENCRYPTION = /encrypt|ipsec|xfrm|wireguard|wg\d|\bspi\b|initiali[sz]e datapath/i;

/** Lines that report no problem, each with the reason. */
const ALLOWED: readonly { readonly line: RegExp; readonly reason: string }[] = [
  { line: /global IPsec keys are deprecated/i, reason: 'judged by CFG-03' },
];

/** Whether the agents work and report no problem with encryption. */
export const pre04: Check = {
  id: 'PRE-04',
  must: 'The agents are healthy: agent and kvstore report Ok on every node, and where logs were recorded, no line of them warns about encryption',
  modes: ['ipsec', 'wireguard'],
  evidence: 'status of every agent, before and after; the last ten minutes of the agent logs where recorded',
  needs: ['agent-shell'],
  remedy: `Read the complete status and the log of the agent on the named node: \`{agent} status --verbose\` and \`{agentLogs} --since=1h | grep -Ei "level=(warn|error)"\`. Remove the cause, then record again.`,
  judge(x) {
    for (const node of x.nodes('before', 'after')) {
      const status = x.use(node.agentStatus);
      if (status !== undefined) judgeFields(x, node, status.fields);
      judgeLog(x, node);
    }
    return x.conclude('agents and logs');
  },
};

function judgeFields(x: Examination, node: NodeState, fields: Readonly<Record<string, string>>): void {
  const value = (name: string) =>
    Object.entries(fields)
      .find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
      ?.trim();
  const health = x.stack.readings?.health;
  if (health === undefined) return;
  const agent = value(health.agent);
  if (agent === undefined) x.gap(`${at(node)}: the status has no ${health.agent} line`, { node: node.node });
  else x.expect(/^ok\b/i.test(agent), `${at(node)}: ${health.agent} is ${agent}`, { node: node.node });
  for (const [name, said] of health.others.map((other) => [other, value(other)] as const))
    if (said !== undefined) x.expect(/^(ok|disabled)\b/i.test(said), `${at(node)}: ${name} is ${said}`, { node: node.node });
  // Seen on agents whose traffic was encrypted, and on one that sent pod packets in the clear.
  for (const [name, said] of Object.entries(fields))
    if (/\bdegraded\([1-9]/i.test(said)) x.note(`${at(node)}: ${name}: ${said}; \`status --all-health\` of the agent shows which`);
}

function judgeLog(x: Examination, node: NodeState): void {
  if (!node.agentLog.ok && node.agentLog.absent) {
    x.note(`${at(node)}: no log was recorded, so nothing is known about warnings in it`);
    return;
  }
  const lines = x.use(node.agentLog);
  if (lines === undefined) return;
  if (lines.includes(LOG_CUT)) x.gap(`${at(node)}: the agent's log is longer than the part that was read`, { node: node.node });
  const bad = lines.filter((l) => LEVEL.test(l) && ABOUT_ENCRYPTION.test(l) && !ALLOWED.some((a) => a.line.test(l)));
  x.expect(bad.length === 0, `${at(node)}: ${bad.length} log line(s) about encryption, the first: ${bad[0]?.slice(0, 200) ?? ''}`, {
    node: node.node,
  });
}
