import type { Intent } from '../../harness/model/intent.ts';
import { KEY_SOURCE_NAMES, keySourceOf } from '../../harness/model/key-source.ts';
import type { Report } from '../../harness/model/report.ts';
import { environmentWords, modeName, stackName } from '../summary.ts';
import { html, type Markup } from './markup.ts';

/** The run, the claim under test, the cluster: what an auditor needs to identify the recording. */
export function aboutSection(report: Report): Markup {
  const { run, tool, intent, environment } = report;
  const { cluster } = environment;
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  return html`<section id="about" aria-labelledby="about-h"><h2 id="about-h">Run, claim and versions</h2><div class="columns">
${facts('Run', [
  ['Id', run.id],
  ['Scenario', run.scenario],
  ['Fault injected', run.fault ?? 'none'],
  ['Started', run.startedAt.utc],
  ['Ended', run.endedAt.utc],
  ['Complete', run.complete ? 'yes' : `no: ${run.note || 'no reason was recorded'}`],
  ['Tool', `${tool.name} ${tool.version}, Node ${tool.node}`],
])}
${facts('Claim under test', [
  ['Mode', modeName(intent.mode)],
  ['Routing', intent.routing],
  ['Profile', stackName(intent)],
  ['Node encryption', yes(intent.nodeEncryption)],
  ['Strict mode for ingress', yes(intent.strictIngress === true)],
  ['Strict mode', yes(intent.strictMode)],
  ['Preshared keys', yes(intent.presharedKeys === true)],
  ['Cryptoperiod', intent.cryptoperiodDays === undefined ? 'none declared' : `${intent.cryptoperiodDays} days`],
  ['Keys come from', keySourceName(intent)],
  ['Per-tunnel keys', yes(intent.perTunnelKeys)],
  [
    'TLS by the kernel',
    intent.kernelTls === undefined ? 'not claimed' : intent.kernelTls === 'send' ? 'what proxies send' : 'what proxies send and receive',
  ],
  ['SCTP', yes(intent.sctp === true)],
  ['Load balancer', `${intent.loadBalancer ?? 'not claimed'}${intent.loadBalancerXdp === true ? ', by XDP' : ''}`],
  ['Egress gateway', intent.egressGateway ?? 'not claimed'],
  ['Families', intent.families.join(', ')],
])}
${facts('Environment', [
  ['Class', `${environment.class}, ${environmentWords({ environment, intent })}`],
  ['Cluster', `${cluster.name} (provider ${cluster.provider})`],
  ...cluster.nodes.map((node): [string, string] => [node.name, [...node.addresses, ...node.podCidrs].join(', ')]),
])}
${facts(
  'Versions',
  Object.entries(cluster.versions).sort(([a], [b]) => (a < b ? -1 : 1)),
)}
${facts(
  'Capabilities',
  Object.entries(cluster.capabilities)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, capability]): [string, string] => [name, `${capability.available ? 'available' : 'absent'}: ${capability.reason}`]),
)}</div></section>`;
}

function keySourceName(intent: Intent): string {
  const source = keySourceOf(intent);
  if (source === null) return 'nowhere: nothing is claimed to be encrypted';
  return `${KEY_SOURCE_NAMES[source]}, ${intent.keySource === undefined ? 'as usual for the mode' : 'as declared'}`;
}

function facts(title: string, rows: readonly (readonly [string, string])[]): Markup | null {
  if (rows.length === 0) return null;
  return html`<div class="facts"><h3>${title}</h3><table><tbody>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table></div>`;
}
