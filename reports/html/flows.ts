import type { FlowVerdict } from '../../harness/model/report.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import type { FlowKind } from '../flow-matrix.ts';
import { VERDICT_SIGNS } from '../symbols.ts';
import { compareIds } from '../topics.ts';
import { evidenceLink } from './evidence.ts';
import { html, type Markup, type Part } from './markup.ts';
import { badge } from './status.ts';

/** How many flows that do not support the claim are shown unfolded. */
const SHOWN = 8;

/** The flows of the matrix: why each treatment is expected, those that do not support, then all of them, folded. */
export function flowLists(flows: readonly FlowVerdict[]): Markup | null {
  if (flows.length === 0) return null;
  const sorted = [...flows].sort((a, b) => compareIds(a.id, b.id));
  const open = (Object.keys(VERDICT_SIGNS) as Verdict[])
    .filter((verdict) => verdict !== 'supports')
    .flatMap((verdict) => sorted.filter((flow) => flow.verdict === verdict));
  return html`${reasons(sorted)}${open.length > 0 && html`<h3>Flows to look at</h3>${table(open.slice(0, SHOWN), shortReason)}${open.length > SHOWN && html`<details class="more"><summary>+${open.length - SHOWN} more flows to look at</summary>${table(open.slice(SHOWN), shortReason)}</details>`}`}
<details class="all"><summary>All ${flows.length} flows</summary>${table(sorted, ({ reason }) => reason)}</details>`;
}

/** `TCP over IPv4`. */
export function protocolAndFamily(kind: FlowKind): string {
  return `${kind.protocol.toUpperCase()} over ${kind.family === 'ipv4' ? 'IPv4' : 'IPv6'}`;
}

/** Each treatment with its reason once, and its number of flows; clear by design is listed too. */
function reasons(flows: readonly FlowVerdict[]): Markup {
  const groups = Map.groupBy(flows, (flow) => JSON.stringify([flow.treatment, flow.treatmentReason]));
  return html`<h3>What must happen, and why</h3><ul class="why">${[...groups.values()].map((group) => {
    const { treatment, treatmentReason } = group[0]!;
    const paths = [...new Set(group.map((flow) => flow.path))].join(', ');
    return html`<li><b>${treatment.replaceAll('-', ' ')}</b> <span>${group.length} flows (${paths})</span> ${treatmentReason}</li>`;
  })}</ul>`;
}

/** The frame that shows the flow, if there is one; the full reason is in the list of all flows and under Problems. */
function shortReason({ firstReadable, reason }: FlowVerdict): Part {
  if (firstReadable === undefined) return reason;
  return html`readable, the first frame ${firstReadable.frame} of ${evidenceLink(firstReadable.capture)}`;
}

function table(flows: readonly FlowVerdict[], reasonOf: (flow: FlowVerdict) => Part): Markup {
  return html`<div class="scroll"><table class="list flows"><thead><tr><th scope="col">From → to</th><th scope="col">Kind</th><th scope="col">Must be</th><th scope="col">Verdict</th><th scope="col" class="n">Answered</th><th scope="col" class="n">Clear frames<br><small>judged / control</small></th></tr></thead>
<tbody>${flows.map(
    (
      flow,
    ) => html`<tr><th scope="row">${flow.source.name} → ${flow.destination.name}<br><small>${flow.source.address} → ${flow.destination.address}</small></th>
<td>${flow.path}, ${protocolAndFamily(flow)}<br><small><code>${flow.id}</code></small></td><td>${flow.treatment.replaceAll('-', ' ')}</td>
<td>${badge(flow.verdict)} <small>${reasonOf(flow)}</small></td><td class="n">${flow.answered} / ${flow.sent}</td><td class="n">${flow.clearFrames} / ${flow.controlFrames}</td></tr>`,
  )}</tbody></table></div>`;
}
