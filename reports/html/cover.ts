import { DEFAULT_STACK } from '../../harness/model/intent.ts';
import type { FlowVerdict, Report } from '../../harness/model/report.ts';
import { sampleStatement } from '../../harness/model/sample-claim.ts';
import type { LeakFile } from '../leak-file.ts';
import { problemsOf } from '../problems.ts';
import { claimSentence, countsSentence, effectiveVerdict, modeName, stackName, untestedOf } from '../summary.ts';
import { VERDICT_SIGNS } from '../symbols.ts';
import { evidenceLink } from './evidence.ts';
import { protocolAndFamily } from './flows.ts';
import { firstFact } from './folded.ts';
import { html, type Markup } from './markup.ts';
import { count } from './number.ts';

/** Most problems on the first screen. */
const SHOWN = 8;

/** The first screen: verdict, counts, time, stack, cluster, scope, and what is wrong with the first frame that shows it. */
export function cover(report: Report, leaks: readonly LeakFile[] = []): Markup {
  const worst = effectiveVerdict(report);
  return html`<section class="verdict v-${worst}" aria-labelledby="verdict-h">
<p class="kicker"><span class="shape" aria-hidden="true">${VERDICT_SIGNS[worst].symbol}</span> ${VERDICT_SIGNS[worst].word}</p>
<h1 id="verdict-h">${claimSentence(report)}</h1>
<p class="tally">${countsSentence(report)}</p>${leak(report, leaks)}
<dl class="vitals">${keyFacts(report).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>${attention(report)}</section>`;
}

function keyFacts(report: Report): readonly (readonly [name: string, value: string])[] {
  const { run, tool, intent, environment } = report;
  const { cluster } = environment;
  const version = cluster.versions[intent.stack ?? DEFAULT_STACK];
  const running = version === undefined ? '' : ` (running: ${version})`;
  const nodes = cluster.nodes.map((node) => node.name);
  const more = nodes.length > 6 ? ` and ${nodes.length - 6} more` : '';
  return [
    ['Recorded', `${minute(run.startedAt.utc)} to ${minute(run.endedAt.utc).slice(11)} UTC, scenario ${run.scenario}`],
    ['Stack', `${stackName(intent)}${running}, ${modeName(intent.mode)} over ${intent.routing}`],
    ['Cluster', `${cluster.name} (${cluster.provider}), ${nodes.length} nodes: ${nodes.slice(0, 6).join(', ')}${more}`],
    ['Scope', scopeOf(report)],
    ...(report.sample === undefined ? [] : [['Sample', sampleStatement(report.sample)] as const]),
    ...untestedFact(report),
    ['Environment', environment.class],
    ['Tool', `${tool.name} ${tool.version}, run ${run.id}`],
  ];
}

/** The claim and the driven flows, in numbers. */
function scopeOf({ intent, flows }: Report): string {
  const driven = flows.filter((flow) => flow.verdict !== 'not-exercised');
  const due = driven.filter((flow) => flow.treatment === 'encrypted').length;
  const families = intent.families.map((family) => (family === 'ipv4' ? 'IPv4' : 'IPv6')).join(' and ');
  const who = intent.nodeEncryption ? 'pods and nodes' : 'pods';
  return `${families} of ${who}; ${count(driven.length)} flows driven, ${count(due)} of them must be encrypted`;
}

/** Nodes for which the claim is not proven; empty if all were tested. */
function untestedFact(report: Report): readonly (readonly [name: string, value: string])[] {
  const untested = untestedOf(report);
  const { nodes } = report.environment.cluster;
  const unreached = nodes.flatMap(({ name, unreached }) =>
    unreached !== undefined && untested.includes(name) ? [`${name}: ${unreached}`] : [],
  );
  const others = untested.filter((name) => !nodes.some((node) => node.name === name && node.unreached !== undefined));
  const silent = others.length === 0 ? [] : [`${others.join(', ')}: no traffic of a test pod began or ended there`];
  return untested.length === 0 ? [] : [['Not tested', [...unreached, ...silent].join('; ')]];
}

/** `2026-01-02 03:04`. */
function minute(utc: string): string {
  return utc.slice(0, 16).replace('T', ' ');
}

/** The first flow that was readable, with the frame that shows it. */
function leak({ flows }: Report, files: readonly LeakFile[]): Markup | null {
  const leaks = flows.filter(
    (flow): flow is FlowVerdict & Required<Pick<FlowVerdict, 'firstReadable'>> => flow.firstReadable !== undefined,
  );
  const [first] = leaks;
  if (first === undefined) return null;
  const { capture, frame } = first.firstReadable;
  const file = files.find((one) => one.capture === capture);
  const number = leaks.length === 1 ? 'A flow was' : `${count(leaks.length)} flows were`;
  return html`<p class="leak"><b>${number} readable on the wire.</b> ${first.source.name} → ${first.destination.name}, ${protocolAndFamily(first)}: frame ${frame} of ${evidenceLink(capture)}${file !== undefined && html` (<a href="${file.file}">${file.file}</a>)`}</p>`;
}

/** The checks that keep the verdict from being good, each with its first fact. */
function attention(report: Report): Markup | null {
  const problems = problemsOf(report);
  if (problems.length === 0) return null;
  const rest = problems.length - SHOWN;
  return html`<ul class="attention" aria-label="Problems">${problems.slice(0, SHOWN).map(({ finding }) => {
    const { fact, others } = firstFact(finding);
    return html`<li><span class="shape s-${finding.verdict}" title="${VERDICT_SIGNS[finding.verdict].word}">${VERDICT_SIGNS[finding.verdict].symbol}</span> <a href="#${finding.id}">${finding.id}</a> <span class="fact">${fact}</span>${others > 0 && html`<a class="others" href="#${finding.id}">+${others} more</a>`}</li>`;
  })}${rest > 0 && html`<li><a class="others" href="#problems">and ${rest} more problems</a></li>`}</ul>`;
}
