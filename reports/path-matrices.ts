import type { FlowPath } from '../harness/model/recording.ts';
import type { Report } from '../harness/model/report.ts';
import { type FlowMatrix, flowMatrix, type MatrixCell } from './flow-matrix.ts';

/** The flow matrix for a group of paths: paths that must be encrypted are separate from paths that are clear by design. */
export interface PathMatrix {
  readonly title: string;
  readonly matrix: FlowMatrix;
}

/** Paths by the kind of their ends. Flows between pods of one node are on the diagonal. */
const GROUPS: readonly (readonly [title: string, paths: readonly FlowPath[]])[] = [
  ['Pod to pod', ['pod-pod', 'same-node']],
  ['Pod to service', ['pod-service']],
  ['Pod to node', ['pod-node']],
  ['Node to pod', ['node-pod']],
  ['Node to node', ['node-node']],
  ['Pod to health endpoint', ['pod-health']],
  ['Node to health endpoint', ['node-health']],
  ['Client outside to a pod of the node it asks', ['outside-node']],
  ['Client outside to a pod of another node', ['outside-pod']],
  ['Pod to an address outside, by the egress gateway', ['pod-egress']],
];

/** One matrix for each driven group of paths. If no flow of a group ends on a node, its columns are only the services. */
export function pathMatrices(report: Pick<Report, 'flows' | 'environment'>): readonly PathMatrix[] {
  return GROUPS.flatMap(([title, paths]) => {
    const flows = report.flows.filter((flow) => paths.includes(flow.path));
    if (flows.length === 0) return [];
    const whole = flowMatrix({ flows, environment: report.environment });
    const matrix = paths.includes('same-node') ? whole : withoutDiagonal(whole);
    const columns = flows.some((flow) => flow.destination.node !== null) ? matrix : withoutNodes(matrix, report);
    return [{ title, matrix: flows.some((flow) => flow.source.node !== null) ? columns : withoutNodeRows(columns, report) }];
  });
}

/** Rows of a group none of whose flows begins on a node are its clients outside alone. */
function withoutNodeRows(matrix: FlowMatrix, { environment }: Pick<Report, 'environment'>): FlowMatrix {
  const nodes = new Set(environment.cluster.nodes.map((node) => node.name));
  const isKept = (_: unknown, row: number) => !nodes.has(matrix.sources[row]!);
  return { ...matrix, sources: matrix.sources.filter(isKept), cells: matrix.cells.filter(isKept) };
}

function withoutNodes(matrix: FlowMatrix, { environment }: Pick<Report, 'environment'>): FlowMatrix {
  const nodes = new Set(environment.cluster.nodes.map((node) => node.name));
  const isKept = (name: string) => !nodes.has(name);
  return {
    ...matrix,
    destinations: matrix.destinations.filter(isKept),
    cells: matrix.cells.map((row) => row.filter((cell) => isKept(cell.destination))),
  };
}

/** A path between different nodes has no flow from a node to itself: its cell is empty, not untested, unless it has a flow. */
function withoutDiagonal(matrix: FlowMatrix): FlowMatrix {
  const isVoid = ({ source, destination, squares }: MatrixCell) =>
    source === destination && squares.every(({ flows }) => flows.length === 0);
  return { ...matrix, cells: matrix.cells.map((row) => row.map((cell) => (isVoid(cell) ? { ...cell, squares: [] } : cell))) };
}
