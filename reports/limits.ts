import type { EnvironmentClass } from '../harness/model/cluster.ts';
import { FAMILIES } from '../harness/model/mode.ts';
import type { SampleClaim } from '../harness/model/sample.ts';
import { sampleStatement } from '../harness/model/sample-claim.ts';
import { modeName, type SummaryInput } from './summary.ts';
import { topicsOf } from './topics.ts';

const BY_ENVIRONMENT: Readonly<Record<EnvironmentClass, readonly string[]>> = {
  lab: [
    "Shown: what a real Linux kernel puts on a wire when its encryption is set up as the claimed stack sets it up. The ESP, WireGuard and VXLAN are the kernel's own; the captures are real.",
    'Not shown: anything about an agent, an operator or any other cluster. There is no control plane in the lab; whether real agents lay out the same state is a matter for the recordings of real agents.',
  ],
  'ephemeral-test': [
    'Shown: that these versions of the stack and the kernel, set up this way, behaved so in a cluster made for the test.',
    'Not shown: that a long-lived cluster is set up this way, or behaves so over time. It is evidence of design, not of operation.',
  ],
  'pre-production': [
    'Shown: how this pre-production cluster behaved while it was recorded.',
    'Not shown: that the production cluster has the same configuration, versions and network.',
  ],
  'production-readonly': [
    'Shown: how this cluster behaved while it was recorded, as far as it can be observed without changing it.',
    'Not shown: how it behaves under faults, which are not injected here, or outside the recorded window.',
  ],
};

/**
 * The lines "what this does and does not prove": by environment class, by vantage, by what was not exercised, and the
 * bounds that hold for every run.
 */
export function limitLines(report: SummaryInput): readonly string[] {
  return [...environmentLines(report), ...coverage(report), ...always(report)];
}

/** The lab's kernel encrypts only below TLS. */
const LAB_OF_TLS =
  'Shown: what proxies with a real TLS library (OpenSSL) put on a wire, and in front of the pods, when a mesh is set up as claimed. The network is that of a real kernel; the captures are real.';

function environmentLines({ environment, intent }: SummaryInput): readonly string[] {
  const lines = BY_ENVIRONMENT[environment.class];
  return environment.class === 'lab' && intent.mode === 'tls' ? [LAB_OF_TLS, ...lines.slice(1)] : lines;
}

function coverage(report: SummaryInput): string[] {
  const lines: string[] = [];
  if (!report.run.complete) lines.push(`The recording is incomplete: ${report.run.note || 'no reason was recorded'}.`);
  if (report.run.fault !== null)
    lines.push(`Fault ${report.run.fault} was injected on purpose: red checks are the expected outcome of this run.`);
  if (report.flows.length === 0) lines.push('No traffic was judged: nothing is shown of any flow.');
  const untested = report.flows.filter((flow) => flow.verdict === 'not-exercised').length;
  if (untested > 0) lines.push(`Flows not exercised: ${untested} of ${report.flows.length}; nothing is shown of them.`);
  const clear = report.flows.filter((flow) => flow.treatment === 'clear-by-design').length;
  if (clear > 0)
    lines.push(
      `Flows clear by design under this intent: ${clear} of ${report.flows.length}; they are listed with the reason and are not protected.`,
    );
  lines.push(...(report.sample === undefined ? uncrossed(report) : [sampleLine(report.sample)]));
  lines.push(...families(report));
  const rows = topicsOf(report).flatMap((topic) => topic.rows);
  const idle = rows.filter((row) => row.finding.verdict === 'not-exercised').map((row) => row.finding.id);
  if (idle.length > 0) lines.push(`Not exercised in this run: ${idle.join(', ')}.`);
  if (!Object.values(report.ledger).some((ledger) => ledger.vantage === 'wire')) {
    lines.push('No capture was taken outside the nodes: every capture could be influenced by the node it was taken on.');
  }
  if (Object.values(report.ledger).some((ledger) => ledger.leavesOutShort === true)) {
    lines.push(
      'The captures of the window have the filter of an earlier version: datagrams of fewer than 32 bytes to the port of a tunnel, and of fewer than 4 bytes to that of WireGuard, are in none of them. No packet of a pod fits into them.',
    );
  }
  const clearPhase = Object.values(report.ledger).some((ledger) => ledger.phase === 'clear');
  if (!clearPhase && report.intent.mode !== 'none') {
    lines.push(
      'There was no un-encrypted phase: that these captures would show plaintext rests on the clear vantages inside the nodes alone.',
    );
  }
  return lines;
}

function families(report: SummaryInput): string[] {
  const driven = new Set(report.flows.map((flow) => flow.family));
  return FAMILIES.flatMap((family) => {
    const name = family === 'ipv4' ? 'IPv4' : 'IPv6';
    if (!report.intent.families.includes(family)) return [`Nothing is said of ${name}: the claim does not cover it.`];
    return driven.has(family) ? [] : [`No ${name} traffic was driven, though the claim covers it.`];
  });
}

function sampleLine(sample: SampleClaim): string {
  return `Only a sample of the ordered pairs of nodes was driven: ${sampleStatement(sample)}. Nothing is shown of a single pair outside it.`;
}

/** Ordered pairs of nodes without a judged flow: the claim covers them, the evidence does not. */
function uncrossed(report: SummaryInput): string[] {
  const nodes = report.environment.cluster.nodes.map((node) => node.name);
  const driven = report.flows.filter((flow) => flow.verdict !== 'not-exercised');
  const crossed = new Set(driven.map((flow) => JSON.stringify([flow.source.node, flow.destination.node])));
  const pairs = nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => [from, to] as const));
  const missing = pairs.filter((pair) => !crossed.has(JSON.stringify(pair)));
  if (missing.length === 0 || report.flows.length === 0) return [];
  const named = missing.slice(0, 6).map(([from, to]) => `${from} to ${to}`);
  const more = missing.length > named.length ? ` and ${missing.length - named.length} more` : '';
  return [
    `Ordered pairs of nodes that no judged flow crossed: ${missing.length} of ${pairs.length} (${named.join(', ')}${more}); nothing is shown of them.`,
  ];
}

function always(report: SummaryInput): string[] {
  const lines = ['It is about the recorded window and the traffic that was driven in it, not about other times or other traffic.'];
  if (report.intent.mode === 'tls') {
    lines.push(
      'A mesh protects TCP from one proxy to the other: nothing inside a pod, no UDP and no ICMP, and nothing against a party that controls a node.',
    );
  } else if (report.intent.mode !== 'none') {
    lines.push(
      `${modeName(report.intent.mode)} between nodes protects neither traffic that stays on one node nor anything against a party that controls a node.`,
    );
  }
  lines.push('Network encryption is not segmentation, authentication of users, or proof that a standard as a whole is met.');
  return lines;
}
