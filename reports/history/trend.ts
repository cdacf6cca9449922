import type { Verdict } from '../../harness/model/verdict.ts';
import { stackName } from '../summary.ts';
import type { RunSummary } from './entry.ts';

/** A period in which a run was due and none was recorded. */
export interface HistoryGap {
  /** UTC of the run before and of the one after. */
  readonly from: string;
  readonly to: string;
  readonly hours: number;
}

/** Changes of the cryptography between two consecutive runs of the same series. */
export interface CryptoDrift {
  readonly run: string;
  readonly recordedAt: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Runs of one cluster with one claim and scenario: only these can be compared. */
export interface HistorySeries {
  /** Cluster, claim and scenario. */
  readonly name: string;
  /** Oldest first. */
  readonly points: readonly {
    readonly run: string;
    readonly recordedAt: string;
    readonly verdict: Verdict;
    readonly supporting: number;
    readonly exercised: number;
  }[];
  readonly gaps: readonly HistoryGap[];
  readonly drift: readonly CryptoDrift[];
  /** Where only a sample of the ordered pairs of nodes was driven. */
  readonly sampled?: SampledSoFar;
}

/** What the rounds of the latest seed have shown together. */
export interface SampledSoFar {
  readonly seed: string;
  readonly driven: number;
  readonly rounds: number;
  /** Ordered pairs of nodes that were proven in one of the rounds, and all of them. */
  readonly proven: number;
  readonly population: number;
}

/** A pause longer than this many times the usual distance is a gap. */
const GAP_FACTOR = 1.5;
const HOUR_MS = 3_600_000;

/**
 * Trend, gaps and drift of the cryptography for each series. Runs with an injected fault are left out: they are no evidence about the
 * cluster.
 * @param everyHours how often a run is due; default the median of the distances, where there are at least two
 */
export function trendOf(summaries: readonly RunSummary[], everyHours?: number): HistorySeries[] {
  const withoutFault = summaries.filter(({ fault }) => fault === null);
  const series = Map.groupBy(withoutFault, seriesName);
  return [...series.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, runs]) => {
      const sorted = runs.toSorted((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1));
      const sampled = sampledSoFar(sorted);
      const series = { name, points: sorted.map(pointOf), gaps: gapsOf(sorted, everyHours), drift: driftOf(sorted) };
      return sampled === undefined ? series : { ...series, sampled };
    });
}

/** Two rounds of a seed have no pair in common, apart from the last one, which is filled up with pairs of the first. */
function sampledSoFar(runs: readonly RunSummary[]): SampledSoFar | undefined {
  const last = runs.findLast(({ sample }) => sample !== undefined)?.sample;
  if (last === undefined) return undefined;
  const { seed, partners, ring, rounds, population } = last;
  const proven = new Map<number, number>();
  for (const { sample } of runs)
    if (sample?.seed === seed && sample.partners === partners && sample.ring === ring)
      proven.set(sample.round % rounds, Math.max(sample.proven, proven.get(sample.round % rounds) ?? 0));
  const sum = [...proven.values()].reduce((one, more) => one + more, 0);
  return { seed, driven: proven.size, rounds, proven: Math.min(sum, population), population };
}

/** Where, what is claimed, and the scenario, in one line. */
export function seriesName({ cluster, environmentClass, intent, scenario }: RunSummary): string {
  const { mode, routing, families, nodeEncryption, strictIngress, presharedKeys, sctp, loadBalancer, loadBalancerXdp, egressGateway } =
    intent;
  return `${cluster} (${environmentClass}): ${mode} over ${routing}, ${stackName(intent)}, ${families.join('+')}${nodeEncryption ? ', node encryption' : ''}${strictIngress === true ? ', strict ingress' : ''}${presharedKeys === true ? ', preshared keys' : ''}${sctp === true ? ', SCTP' : ''}${loadBalancer === undefined ? '' : `, ${loadBalancer}`}${loadBalancerXdp === true ? ', XDP' : ''}${egressGateway === undefined ? '' : `, egress by ${egressGateway}`}, ${scenario}`;
}

function pointOf({ run, recordedAt, verdict, checks }: RunSummary): HistorySeries['points'][number] {
  const { supports = 0, contradicts = 0, inconclusive = 0 } = checks;
  return { run, recordedAt, verdict, supporting: supports, exercised: supports + contradicts + inconclusive };
}

function gapsOf(runs: readonly RunSummary[], everyHours: number | undefined): HistoryGap[] {
  const steps = runs.slice(1).map(({ recordedAt }, index) => {
    const from = runs[index]!.recordedAt;
    return { from, to: recordedAt, hours: (Date.parse(recordedAt) - Date.parse(from)) / HOUR_MS };
  });
  const due = everyHours ?? (steps.length < 2 ? undefined : median(steps.map(({ hours }) => hours)));
  return due === undefined ? [] : steps.filter(({ hours }) => hours > due * GAP_FACTOR);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function driftOf(runs: readonly RunSummary[]): CryptoDrift[] {
  return runs.slice(1).flatMap(({ run, recordedAt, crypto }, index) => {
    const before = runs[index]!.crypto;
    const added = crypto.filter((line) => !before.includes(line));
    const removed = before.filter((line) => !crypto.includes(line));
    return added.length + removed.length === 0 ? [] : [{ run, recordedAt, added, removed }];
  });
}
