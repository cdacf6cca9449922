import type { ComparedAdvisory } from '../../harness/model/advisory.ts';
import type { Report } from '../../harness/model/report.ts';
import { advisorySentence, concerning, sightingWord } from '../advisories.ts';
import { html, type Markup } from './markup.ts';

/** Published leaks and weaknesses: which apply to this cluster, and whether the run showed them. */
export function advisoriesSection(report: Pick<Report, 'advisories'>): Markup | null {
  const sentence = advisorySentence(report);
  if (sentence === null) return null;
  const found = concerning(report);
  const others = (report.advisories ?? []).filter(({ applies }) => applies.state === 'not-affected');
  return html`<section id="advisories" aria-labelledby="advisories-h"><h2 id="advisories-h">Published leaks</h2>
<p class="lead">${sentence}. None of them is a verdict: what was seen is red by its checks, and an upgrade is due where a release is affected, seen or not.</p>
${found.length > 0 && table(found, 'Advisories of this cluster')}
${others.length > 0 && html`<details><summary>${others.length} not of this cluster</summary>${table(others, 'Other advisories')}</details>`}</section>`;
}

function table(advisories: readonly ComparedAdvisory[], caption: string): Markup {
  return html`<div class="scroll"><table class="list"><caption class="sr">${caption}</caption><thead><tr><th scope="col">Advisory</th><th scope="col">This cluster</th><th scope="col" class="rest">Looked for</th><th scope="col">This run</th></tr></thead><tbody>${advisories.map(row)}</tbody></table></div>`;
}

function row(advisory: ComparedAdvisory): Markup {
  const { id, aliases, title, applies, observable, sighting, checks, links, warning } = advisory;
  return html`<tr><th scope="row"><b>${id}</b>${aliases.length > 0 && html` <small>${aliases.join(', ')}</small>`}<br><small>${title}</small></th>
<td>${applies.state === 'affected' ? html`<span class="warn">affected</span>` : applies.state.replace('-', ' ')}<br><small>${applies.reason}${warning !== null && html`<br>${warning}`}</small></td>
<td class="rest"><small>${observable}<br>${checks.map((check) => html`<a href="#${check}">${check}</a> `)}</small></td>
<td>${sightingWord(advisory)}<br><small>${sighting.reason}</small>${links.map((link) => html`<small class="rest"><br><code>${link}</code></small>`)}</td></tr>`;
}
