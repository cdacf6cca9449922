import type { ControlMatrix, ControlRow, ControlStatus } from '../controls/rows.ts';
import { VERDICT_SIGNS } from '../symbols.ts';
import { evidenceLink } from './evidence.ts';
import { folded } from './folded.ts';
import { html, type Markup } from './markup.ts';

/** Each framework's controls: does it bind, what was looked at, how strong the evidence is, what is left for the assessor. */
export function controlsSection(matrix: ControlMatrix | undefined): Markup | null {
  if (matrix === undefined || matrix.rows.length === 0) return null;
  return html`<section id="controls" aria-labelledby="controls-h"><h2 id="controls-h">Frameworks</h2>
<p class="lead">Which evidence of this run speaks to which requirement, and how strongly. Whether a requirement binds is what was declared, never assumed. The words are ours; an assessor’s finding is not among them.</p>
${matrix.frameworks.map((framework) => {
  const rows = matrix.rows.filter((row) => row.framework.id === framework.id);
  const withEvidence = rows.filter((row) => row.status !== 'not-tested').length;
  return html`<details class="framework"><summary>${framework.title} ${framework.version} <small>${withEvidence} of ${rows.length} controls have evidence</small></summary>${framework.note !== '' && html`<p class="lead">${framework.note}</p>`}
<div class="scroll"><table class="list controls"><caption class="sr">${framework.title}</caption><thead><tr><th scope="col">Control</th><th scope="col">Binds</th><th scope="col">Evidence says</th><th scope="col">Strength</th><th scope="col">Checks</th><th scope="col">Left for the assessor</th></tr></thead><tbody>${rows.map(control)}</tbody></table></div></details>`;
})}</section>`;
}

const APPLIES = { applicable: 'as declared', 'not-applicable-as-declared': 'no, as declared', 'not-declared': 'not declared' } as const;

function control(row: ControlRow): Markup {
  return html`<tr><th scope="row"><b>${row.control}</b><br><small>${row.paraphrase}</small></th><td>${APPLIES[row.applicability.state]}<br><small>${row.applicability.reason}</small></td>
<td>${status(row.status)}${row.statusReason !== '' && html` <small>${row.statusReason}</small>`}</td><td>${row.strength.replaceAll('-', ' ')}${row.caps.length > 0 && html`<br><small>${row.caps.join('; ')}</small>`}</td>
<td>${row.checks.length === 0 ? '—' : html`<small>${row.checks.map((check) => html`<a href="#${check.id}">${check.id}</a> `)}</small>`}${row.evidence.length > 0 && html`<details class="more"><summary>${row.evidence.length} files</summary>${folded(row.evidence.map(evidenceLink), 'files', 20)}</details>`}</td><td><small>${row.remains}</small></td></tr>`;
}

function status(word: ControlStatus): Markup {
  if (word === 'not-tested')
    return html`<span class="badge s-not-exercised"><span class="shape" aria-hidden="true">·</span>not tested</span>`;
  const { symbol, word: text } = VERDICT_SIGNS[word];
  return html`<span class="badge s-${word}"><span class="shape" aria-hidden="true">${symbol}</span>${text}</span>`;
}
