import type { Report } from '../../harness/model/report.ts';
import { flowMatrix, type MatrixCell, type Square, type SquareState, type Strand } from '../flow-matrix.ts';
import { SQUARE_SIGNS } from '../symbols.ts';
import { flowLists, strandName } from './flows.ts';
import { html, type Markup } from './markup.ts';
import { square } from './status.ts';

/** Node × node × protocol, then the list of all flows behind it. */
export function matrixSection(report: Report): Markup {
  const matrix = flowMatrix(report);
  const used = new Set(matrix.cells.flat().flatMap((cell) => cell.squares.map((item) => item.state)));
  const order = (Object.keys(SQUARE_SIGNS) as SquareState[]).filter((state) => used.has(state));
  return html`<section id="flows" aria-labelledby="flows-h"><h2 id="flows-h">Flows between nodes</h2>
${
  matrix.strands.length === 0
    ? html`<p>No flow was judged: nothing is shown of any traffic.</p>`
    : html`<p class="lead">From the row to the column. Each cell holds ${matrix.strands.map(strandName).join(', ')}, in this order${matrix.strands.some((strand) => strand.family !== matrix.strands[0]!.family) && ', a line each family'}. A square is green only where every flow behind it was driven and seen encrypted.</p>
<div class="scroll"><table class="matrix"><caption class="sr">Flow matrix: sources as rows, destinations as columns</caption>
<thead><tr><th scope="col"><span class="axis">from ↓ &nbsp; to →</span></th>${matrix.destinations.map((name) => html`<th scope="col">${name}${ticks(matrix.strands)}</th>`)}</tr></thead>
<tbody>${matrix.cells.map((row, index) => html`<tr><th scope="row">${matrix.sources[index]!}</th>${row.map(cell)}</tr>`)}</tbody></table></div>
<ul class="legend" aria-label="Legend">${order.map((state) => html`<li><span class="sq s-${state}" aria-hidden="true">${SQUARE_SIGNS[state].symbol}</span> ${SQUARE_SIGNS[state].word}</li>`)}</ul>`
}
${flowLists(report.flows)}</section>`;
}

/** The protocols' names over the squares of a column; the squares say them again to a screen reader. */
function ticks(strands: readonly Strand[]): Markup {
  const line = strands.filter((strand) => strand.family === strands[0]!.family);
  return html`<span class="ticks" aria-hidden="true">${line.map((strand) => html`<span>${strand.protocol}</span>`)}</span>`;
}

function cell(item: MatrixCell): Markup {
  const lines = Map.groupBy(item.squares, (one) => one.strand.family);
  return html`<td>${[...lines.values()].map(
    (line) => html`<span class="strip">${line.map((one) => square(one.state, squareLabel(item, one)))}</span>`,
  )}</td>`;
}

function squareLabel(item: MatrixCell, one: Square): string {
  const paths = [...new Set(one.flows.map((flow) => flow.path))].join(', ');
  const where = `${item.source} to ${item.destination}, ${strandName(one.strand)}`;
  return paths === '' ? `${where}: not tested` : `${where}: ${SQUARE_SIGNS[one.state].word} (${paths})`;
}
