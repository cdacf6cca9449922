import { cbomOf } from '../../../reports/cbom/cbom.ts';
import { diffCbom } from '../../../reports/cbom/diff-cbom.ts';
import type { CryptoAsset } from '../../model/crypto.ts';
import type { FlowVerdict, Report } from '../../model/report.ts';
import { reasonOf, type Verdict } from '../../model/verdict.ts';
import type { Comparison, Difference, Effect } from './difference.ts';

/** The differences between two reports. Times, run ids, addresses and names of nodes do not count. */
export function compareReports(baseline: Report, current: Report): Comparison {
  const checks = compareChecks(baseline, current);
  const flows = compareFlows(baseline, current);
  const differences = [
    ...compareClaims(baseline, current),
    ...checks.differences,
    ...flows.differences,
    ...compareCrypto(baseline, current),
  ];
  return {
    baseline: summary(baseline),
    current: summary(current),
    differences: differences.sort((a, b) => rank(a.effect) - rank(b.effect)),
    inventory: baseline.crypto === undefined || current.crypto === undefined ? null : diffCbom(cbomOf(baseline), cbomOf(current)),
    same: { checks: checks.same, flows: flows.same },
  };
}

const summary = ({ run, verdict, intent }: Report) => ({ run: run.id, verdict, profile: intent.profile });
const rank = (effect: Effect) => ['worse', 'unclear', 'better', 'other'].indexOf(effect);

/** Another claim is not an error, but then the reports are about different things; another profile is normal for an upgrade. */
function compareClaims({ intent: before }: Report, { intent: after }: Report): Difference[] {
  return (Object.keys(after) as (keyof typeof after)[]).flatMap((name): Difference[] => {
    const [was, is] = [String(before[name]), String(after[name])];
    if (was === is) return [];
    const effect = name === 'profile' ? 'other' : 'unclear';
    return [
      { what: 'claim', name, before: was, after: is, effect, reason: effect === 'other' ? '' : 'the two reports judge different claims' },
    ];
  });
}

function compareChecks(baseline: Report, current: Report): { differences: Difference[]; same: number } {
  const before = new Map(baseline.verdicts.map((verdict) => [verdict.id, verdict]));
  const after = new Map(current.verdicts.map((verdict) => [verdict.id, verdict]));
  const differences: Difference[] = [];
  let same = 0;
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const found = after.get(id);
    const [was, is] = [before.get(id)?.verdict, found?.verdict];
    if (was === is) same++;
    else
      differences.push({
        what: 'check',
        name: id,
        before: was ?? '-',
        after: is ?? '-',
        effect: effectOf(was, is),
        reason: found === undefined ? 'the current report has no such check' : reasonOf(found),
      });
  }
  return { differences, same };
}

function effectOf(was: Verdict | undefined, is: Verdict | undefined): Effect {
  if (is === 'contradicts') return 'worse';
  if (was === 'contradicts') return is === 'supports' ? 'better' : 'unclear';
  if (was === 'supports') return 'unclear';
  return is === 'supports' ? 'better' : is === 'inconclusive' ? 'unclear' : 'other';
}

function compareFlows(baseline: Report, current: Report): { differences: Difference[]; same: number } {
  const before = byName(baseline);
  const after = byName(current);
  const differences: Difference[] = [];
  let same = 0;
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(name), after.get(name)];
    if (was?.treatment === is?.treatment && was?.verdict === is?.verdict) same++;
    else
      differences.push({
        what: 'flow',
        name,
        before: flowState(was),
        after: flowState(is),
        effect: flowEffect(was, is),
        reason: flowReason(was, is),
      });
  }
  return { differences, same };
}

/** Flows by id; a node is named by its position in the report, because clusters created for a run have new node names. */
function byName({ flows, environment }: Report): Map<string, FlowVerdict> {
  const places = new Map(environment.cluster.nodes.map(({ name }, index) => [name, `node#${index + 1}`]));
  return new Map(
    flows.map((flow) => [
      flow.id
        .split('/')
        .map((part) => places.get(part) ?? part)
        .join('/'),
      flow,
    ]),
  );
}

function flowState(flow: FlowVerdict | undefined): string {
  return flow === undefined ? '-' : `${flow.treatment}, ${flow.verdict}`;
}

function flowEffect(was: FlowVerdict | undefined, is: FlowVerdict | undefined): Effect {
  if (is?.verdict === 'contradicts') return 'worse';
  if (is === undefined) return 'unclear';
  if (was !== undefined && was.treatment !== is.treatment) return was.treatment === 'clear-by-design' ? 'better' : 'worse';
  return effectOf(was?.verdict, is.verdict);
}

function flowReason(was: FlowVerdict | undefined, is: FlowVerdict | undefined): string {
  if (is === undefined) return 'the current report has no such flow';
  return was !== undefined && was.treatment !== is.treatment ? is.treatmentReason : is.reason;
}

function compareCrypto(baseline: Report, current: Report): Difference[] {
  const [before, after] = [algorithmsOf(baseline), algorithmsOf(current)];
  const difference = (name: string, was: string, is: string, effect: Effect, reason: string): Difference => ({
    what: 'crypto',
    name,
    before: was,
    after: is,
    effect,
    reason,
  });
  if (before === null || after === null) {
    if (before === after) return [];
    return [
      difference(
        'inventory',
        before === null ? '-' : 'complete',
        after === null ? '-' : 'complete',
        'unclear',
        'one report has no complete inventory of the cryptography in use',
      ),
    ];
  }
  const gone = [...before]
    .filter((name) => !after.has(name))
    .map((name) => difference(name, 'in use', '-', 'worse', 'no longer seen in use'));
  const fresh = [...after]
    .filter((name) => !before.has(name))
    .map((name) => difference(name, '-', 'in use', 'worse', 'was not in use before'));
  return [...gone, ...fresh];
}

/** The cryptography in use, without keys, addresses and times; null if the inventory is missing or has gaps. */
function algorithmsOf({ crypto }: Report): ReadonlySet<string> | null {
  if (crypto === undefined || crypto.gaps.length > 0) return null;
  return new Set(crypto.assets.map(describe));
}

function describe(asset: CryptoAsset): string {
  if (asset.kind === 'wireguard-key') return `WireGuard on ${asset.interface}${asset.presharedKeys > 0 ? ' with preshared keys' : ''}`;
  if (asset.kind === 'tls-certificate') return `TLS certificates: ${asset.keyAlgorithm}`;
  if (asset.kind === 'tls-sessions') return `${asset.version} ${asset.suite}, key exchange ${asset.group ?? 'without a group'}`;
  const algorithms = asset.algorithms
    .map(({ name, keyBits, icvBits }) => `${name} key ${keyBits ?? '?'} icv ${icvBits ?? '?'}`)
    .join(' + ');
  if (asset.kind === 'ipsec-key') return `IPsec key Secret: ${algorithms}${asset.perTunnelKeys ? ', a key for each tunnel' : ''}`;
  return `${asset.proto} ${asset.mode ?? '?'}: ${algorithms}${asset.esn ? ', ESN' : ''}`;
}
