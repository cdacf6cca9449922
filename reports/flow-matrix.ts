import type { Family } from '../harness/model/mode.ts';
import type { FlowEnd } from '../harness/model/recording.ts';
import type { FlowVerdict, Report } from '../harness/model/report.ts';
import { compareIds } from './topics.ts';

/** The state of a square of the matrix. Only `encrypted` is green; `untested` is grey. */
export type SquareState =
  | 'encrypted'
  | 'mixed'
  | 'clear-by-design'
  | 'dropped'
  | 'contradicts'
  | 'inconclusive'
  | 'untested'
  | 'not-applicable';

/** One protocol over one family: the position of a square inside every cell, by family, then by protocol. */
export interface FlowKind {
  readonly protocol: string;
  readonly family: Family;
}

export interface Square {
  readonly kind: FlowKind;
  readonly state: SquareState;
  readonly flows: readonly FlowVerdict[];
}

export interface MatrixCell {
  readonly source: string;
  readonly destination: string;
  readonly squares: readonly Square[];
}

/** Rows are sources, columns destinations: the nodes in the cluster's order, then services and any other end. */
export interface FlowMatrix {
  readonly kinds: readonly FlowKind[];
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly cells: readonly (readonly MatrixCell[])[];
}

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'sctp'];

/** The node × node × protocol matrix of a report's flows. A square without a flow is `untested`. */
export function flowMatrix(report: Pick<Report, 'flows' | 'environment'>): FlowMatrix {
  const nodes = report.environment.cluster.nodes.map((node) => node.name);
  const sources = places(
    nodes,
    report.flows.map((flow) => flow.source),
  );
  const destinations = places(
    nodes,
    report.flows.map((flow) => flow.destination),
  );
  const kinds = crossed(report.flows);
  const groups = Map.groupBy(report.flows, (flow) => JSON.stringify([place(flow.source), place(flow.destination), kindKey(flow)]));
  const cells = sources.map((source) =>
    destinations.map((destination) => ({
      source,
      destination,
      squares: kinds.map((kind) => {
        const flows = groups.get(JSON.stringify([source, destination, kindKey(kind)])) ?? [];
        return { kind, state: squareState(flows), flows };
      }),
    })),
  );
  return { kinds, sources, destinations, cells };
}

/** The state of a set of flows, worst first; a flow that was not exercised keeps the whole square from being green. */
export function squareState(flows: readonly FlowVerdict[]): SquareState {
  const verdicts = new Set(flows.map((flow) => flow.verdict));
  if (verdicts.has('contradicts')) return 'contradicts';
  if (verdicts.has('inconclusive')) return 'inconclusive';
  if (verdicts.has('not-exercised') || flows.length === 0) return 'untested';
  const supported = flows.filter((flow) => flow.verdict === 'supports');
  if (supported.length === 0) return 'not-applicable';
  const treatments = new Set(supported.map((flow) => flow.treatment));
  if (treatments.size > 1) return treatments.has('clear-by-design') ? 'mixed' : 'dropped';
  if (treatments.has('encrypted')) return 'encrypted';
  return treatments.has('dropped') ? 'dropped' : 'clear-by-design';
}

/** Every protocol with every family that was driven: if TCP was driven over both families and ICMP over one, one square is untested. */
function crossed(flows: readonly FlowVerdict[]): FlowKind[] {
  const families = [...new Set(flows.map((flow) => flow.family))].sort(compareIds);
  const protocols = [...new Set(flows.map((flow) => flow.protocol))].sort((a, b) => rank(a) - rank(b) || compareIds(a, b));
  return families.flatMap((family) => protocols.map((protocol) => ({ protocol, family })));
}

function place(end: FlowEnd): string {
  return end.node ?? end.name;
}

function places(nodes: readonly string[], ends: readonly FlowEnd[]): string[] {
  const others = [...new Set(ends.map(place))].filter((name) => !nodes.includes(name)).sort(compareIds);
  return [...nodes, ...others];
}

function kindKey(kind: FlowKind): string {
  return JSON.stringify([kind.family, kind.protocol]);
}

function rank(protocol: string): number {
  const index = PROTOCOLS.indexOf(protocol);
  return index === -1 ? PROTOCOLS.length : index;
}
