import type { ClusterDescription } from './cluster.ts';
import { nodePairs, roundsOf } from './node-pairs.ts';
import type { FlowVerdict } from './report.ts';
import type { Sample, SampleClaim } from './sample.ts';
import { crossesNodes, reachedNodes } from './scope.ts';

/** The confidence of a limit, as a share. */
const CONFIDENCE = 0.95;

/**
 * What the flows of a sample show. A pair that is neither proven nor clear counts as not drawn: it says nothing. Must be called only with
 * flows of the judged phase.
 */
export function sampleClaim(cluster: Pick<ClusterDescription, 'nodes'>, sample: Sample, flows: readonly FlowVerdict[]): SampleClaim {
  const nodes = reachedNodes(cluster).length;
  const pairs = nodePairs(cluster, sample);
  const worst = new Map<string, 'clear' | 'open' | 'proven'>();
  for (const flow of flows) {
    const [from, to] = [flow.source.node, flow.destination.node];
    if (from === null || to === null || !crossesNodes(flow) || flow.treatment !== 'encrypted' || !pairs.has(from, to)) continue;
    const key = JSON.stringify([from, to]);
    const before = worst.get(key) ?? 'proven';
    worst.set(key, flow.verdict === 'contradicts' ? 'clear' : flow.verdict === 'supports' || before === 'clear' ? before : 'open');
  }
  const count = (what: string): number => [...worst.values()].filter((one) => one === what).length;
  const [proven, clear] = [count('proven'), count('clear')];
  const limit = upperLimit(clear, proven + clear, CONFIDENCE);
  const rounds = roundsOf(nodes, sample.partners);
  return { ...sample, population: nodes * (nodes - 1), sampled: pairs.size, proven, clear, rounds, confidence: CONFIDENCE, limit };
}

/**
 * Largest share of clear pairs for which no more than `clear` of `drawn` would still be seen with a probability of at least 1 - confidence:
 * the one-sided exact binomial limit (Clopper and Pearson, 1934). Without a clear pair it is 1 - (1 - confidence)^(1/drawn), for which the
 * rule of three says 3/drawn.
 */
export function upperLimit(clear: number, drawn: number, confidence: number): number {
  if (drawn === 0 || clear >= drawn) return 1;
  if (clear === 0) return -Math.expm1(Math.log1p(-confidence) / drawn);
  let [low, high] = [clear / drawn, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (atMost(clear, drawn, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability of at most `clear` successes in `drawn` draws. */
function atMost(clear: number, drawn: number, share: number): number {
  let [sum, logChoose] = [0, 0];
  for (let k = 0; k <= clear; k++) {
    sum += Math.exp(logChoose + k * Math.log(share) + (drawn - k) * Math.log1p(-share));
    logChoose += Math.log(drawn - k) - Math.log(k + 1);
  }
  return sum;
}

/** The claim in one sentence, with the assumption that it rests on. */
export function sampleStatement(claim: SampleClaim): string {
  const { population, sampled, proven, clear, confidence, limit, seed, round, rounds } = claim;
  const drawn = proven + clear;
  const unproven = sampled - drawn === 0 ? '' : ` (${number(sampled - drawn)} more were sampled and not proven)`;
  const head = `${number(clear)} clear in ${number(drawn)} sampled of ${number(population)} ordered pairs of nodes${unproven}`;
  const which = `sample ${seed}/${round}, round ${(round % Math.max(1, rounds)) + 1} of ${rounds}`;
  if (drawn === 0) return `${head}: nothing is shown of the other pairs; ${which}`;
  return `${head}: at ${confidence * 100} % confidence fewer than ${percent(limit)} of the pairs are clear (exact binomial limit; assumes that a clear pair is as likely to be drawn as any other, for which the seed is random); ${which}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** Two digits, rounded up: a limit must not become smaller. */
function percent(share: number): string {
  const value = share * 100;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return `${Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(2))} %`;
}
