import type { Report } from '../../harness/model/report.ts';
import type { FlowKind, FlowMatrix, MatrixCell, Square, SquareState } from '../flow-matrix.ts';
import { type PathMatrix, pathMatrices } from '../path-matrices.ts';
import { SQUARE_SIGNS } from '../symbols.ts';
import { flowLists, protocolAndFamily } from './flows.ts';
import { html, type Markup } from './markup.ts';
import { square } from './status.ts';

/** A matrix for each path (from node, to node, protocol), then the list of all flows. */
export function matrixSection(report: Report): Markup {
  const matrices = pathMatrices(report);
  const used = new Set(matrices.flatMap(({ matrix }) => squaresOf(matrix)).map((one) => one.state));
  const order = (Object.keys(SQUARE_SIGNS) as SquareState[]).filter((state) => used.has(state));
  return html`<section id="flows" aria-labelledby="flows-h"><h2 id="flows-h">Flows</h2>
${
  matrices.length === 0
    ? html`<p>No flow was judged: nothing is shown of any traffic.</p>`
    : html`<p class="lead">From the row to the column, a table for each kind of path. A square is green only where every flow behind it was driven and seen encrypted; red is wrong; what is clear by design has no colour.</p>
<div class="matrices">${matrices.map(one)}</div>
<ul class="legend" aria-label="Legend">${order.map((state) => html`<li><span class="sq s-${state}" aria-hidden="true">${SQUARE_SIGNS[state].symbol}</span> ${SQUARE_SIGNS[state].word}</li>`)}</ul>`
}
${flowLists(report.flows)}</section>`;
}

function one({ title, matrix }: PathMatrix): Markup {
  return html`<div class="scroll"><table class="matrix"><caption>${title} <small>${treatments(matrix)}</small></caption>
<thead><tr><th scope="col"><span class="axis">from ↓ &nbsp; to →</span></th>${matrix.destinations.map((name) => html`<th scope="col">${name}${ticks(matrix.kinds)}</th>`)}</tr></thead>
<tbody>${matrix.cells.map((row, index) => html`<tr><th scope="row">${matrix.sources[index]!}</th>${row.map(cell)}</tr>`)}</tbody></table></div>`;
}

/** What must happen to the flows of a matrix between different nodes; if there are none, to all flows. */
function treatments(matrix: FlowMatrix): string {
  const flows = squaresOf(matrix).flatMap((item) => item.flows);
  const crossing = flows.filter((flow) => flow.path !== 'same-node');
  const words = new Set((crossing.length > 0 ? crossing : flows).map((flow) => flow.treatment.replaceAll('-', ' ')));
  return [...words].map((word) => (word === 'clear by design' ? word : `must be ${word}`)).join(' or ');
}

function squaresOf(matrix: FlowMatrix): Square[] {
  return matrix.cells.flat().flatMap((item) => [...item.squares]);
}

/** The protocol names above the squares of a column; each square repeats them for a screen reader. */
function ticks(kinds: readonly FlowKind[]): Markup {
  const line = kinds.filter((kind) => kind.family === kinds[0]!.family);
  return html`<span class="ticks" aria-hidden="true">${line.map((kind) => html`<span>${kind.protocol}</span>`)}</span>`;
}

function cell(item: MatrixCell): Markup {
  const lines = Map.groupBy(item.squares, (entry) => entry.kind.family);
  return html`<td>${[...lines.values()].map(
    (line) => html`<span class="strip">${line.map((entry) => square(entry.state, squareLabel(item, entry)))}</span>`,
  )}</td>`;
}

function squareLabel(item: MatrixCell, entry: Square): string {
  const paths = [...new Set(entry.flows.map((flow) => flow.path))].join(', ');
  const where = `${item.source} to ${item.destination}, ${protocolAndFamily(entry.kind)}`;
  return paths === '' ? `${where}: not tested` : `${where}: ${SQUARE_SIGNS[entry.state].word} (${paths})`;
}
