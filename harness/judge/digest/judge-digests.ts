import type { RecordingManifest, Snapshot } from '../../model/recording.ts';
import { type CheckVerdict, type Finding, plainFinding, type StatedFact } from '../../model/verdict.ts';
import type { Profile } from '../../stacks/profile.ts';
import { profileOf } from '../../stacks/stack-of.ts';
import type { AnyCheck, Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { findingOf } from '../judge.ts';
import { type ClusterEnds, clusterEnds, type NodeEnds } from '../state/node-ends.ts';
import { sameEnds, unpackEnds } from './end-table.ts';
import type { MergedDigests } from './merge-digests.ts';
import { type EndsDigest, isOfNodes, type NodeVerdict, nodeIndexes } from './node-digest.ts';

/** Most facts that a verdict names; the rest is counted. */
const NAMED = 8;

const NEEDS_MORE =
  'it needs captures, the state of several nodes at once, a scenario or the recording itself, which digests of nodes do not contain: judge the recording';

/**
 * The verdict of every check on the digests of a cluster's nodes: what each node shows alone, and what a comparison of two nodes shows, in
 * time proportional to the size of all digests. A node without a digest makes each check inconclusive; a check that needs more says so.
 *
 * @param manifest what was claimed of which nodes
 */
export function judgeDigests(manifest: RecordingManifest, digests: MergedDigests, checks: readonly AnyCheck[]): readonly CheckVerdict[] {
  const facts = factsOf(manifest, profileOf(manifest.intent));
  const { ends, same } = endsOf(manifest, digests);
  const missing = manifest.cluster.nodes.flatMap(({ name }): StatedFact[] => {
    const gaps = digests.get(name)?.gaps ?? ['there is no digest'];
    return gaps.map((gap) => ({ text: `${name}: ${gap}`, node: name }));
  });
  const verdicts = new Map<string, NodeVerdict[]>();
  for (const { verdicts: own } of digests.values())
    for (const verdict of own) {
      const known = verdicts.get(verdict.id);
      if (known === undefined) verdicts.set(verdict.id, [verdict]);
      else known.push(verdict);
    }
  return checks.map((check) => {
    if (!isOfNodes(check)) {
      const said = (): Finding => plainFinding('inconclusive', NEEDS_MORE, check.must);
      return { id: check.id, ...findingOf(check, facts, said) };
    }
    const own = verdicts.get(check.id) ?? [];
    const examined = own.filter(({ empty }) => !empty);
    const across = acrossOf(check, facts, ends);
    const agree = examined.length === 0 && own.length > 0 && check.across !== undefined && across.length === 0 && same > 0;
    const ofNodes = examined.length > 0 ? examined : own;
    const findings = agree
      ? [plainFinding('supports', `${same} SA ends compared, all as expected`, check.must)]
      : [...unlessMixed(ofNodes), ...across];
    return { id: check.id, ...worstOf(findings, missing, check.must) };
  });
}

/** A node that gave a check nothing to judge is a gap where other nodes did: what holds there says nothing of it. */
function unlessMixed(findings: readonly NodeVerdict[]): readonly Finding[] {
  if (findings.every(({ verdict }) => verdict !== 'supports')) return findings;
  return findings.map((finding) => (finding.verdict === 'not-exercised' ? { ...finding, verdict: 'inconclusive' } : finding));
}

/** What the comparison of nodes shows; nothing if they agree. */
function acrossOf(check: Check, facts: Facts, ends: ClusterEnds): readonly Finding[] {
  const { across } = check;
  if (across === undefined) return [];
  let agree = false;
  const finding = findingOf(check, facts, (x) => {
    across(x, ends);
    agree = x.clean;
    return x.conclude('ends');
  });
  return agree || finding.verdict === 'not-applicable' ? [] : [finding];
}

const ORDER = ['contradicts', 'inconclusive', 'supports', 'not-exercised', 'not-applicable'] as const;

/** The worst of the findings with the facts of all that are as bad; a missing node is as bad as inconclusive. */
function worstOf(findings: readonly Finding[], missing: readonly StatedFact[], must: string): Finding {
  const verdict = ORDER.find(
    (one) => (one === 'inconclusive' && missing.length > 0) || findings.some((finding) => finding.verdict === one),
  );
  if (verdict === undefined)
    return plainFinding('inconclusive', 'no digest has anything for this check: an empty set proves nothing', must);
  const own = findings.filter((finding) => finding.verdict === verdict);
  const facts = [...own.flatMap((finding) => finding.facts), ...(verdict === 'inconclusive' ? missing : [])];
  const unique = [...new Map(facts.map((fact) => [fact.text, fact])).values()];
  const omitted = own.reduce((sum, finding) => sum + finding.omitted, Math.max(0, unique.length - NAMED));
  const expected = findings[0]?.expected ?? must;
  return { verdict, facts: unique.slice(0, NAMED), omitted, notes: [], expected, observed: [], evidence: [] };
}

/** Facts with the claim only: the checks look at nothing else but the ends. */
function factsOf(manifest: RecordingManifest, profile: Profile | null): Facts {
  const state = { nodes: [], api: [], keyPatterns: { ok: false, reason: 'digests contain none', absent: true, evidence: [] } } as const;
  const none = { taken: [], gaps: [] };
  const window = { events: [], states: none, nodeObjects: none, handshakes: none, certificates: none };
  const evidence = { files: 0, bytes: 0, secrets: [], gaps: [], control: { planted: 0, missed: [] }, knownWindows: null };
  return { manifest, profile, state, wire: { captures: [], flows: [] }, window, evidence };
}

/**
 * The ends as the checks see them. Ends that are the same on both nodes, column by column, agree in everything that a check compares and
 * are left out: in a healthy cluster these are all ends. The checks decide about the others.
 */
function endsOf(manifest: RecordingManifest, digests: MergedDigests): { readonly ends: ClusterEnds; readonly same: number } {
  const indexes = nodeIndexes(manifest);
  const names = [...indexes.keys()];
  const addresses = manifest.cluster.nodes.map(({ name, addresses: own }) => [name, own[0] ?? name] as const);
  const room: Room = { names, indexes, addresses: new Map(addresses) };
  const bySnapshot = new Map<Snapshot, (EndsDigest | undefined)[]>();
  for (const [index, name] of names.entries())
    for (const ends of digests.get(name)?.ends ?? []) {
      const all = bySnapshot.get(ends.snapshot) ?? names.map(() => undefined);
      all[index] = ends;
      bySnapshot.set(ends.snapshot, all);
    }
  let same = 0;
  const ends = clusterEnds(
    [...bySnapshot.values()].flatMap((all) => {
      const compared = compare(all);
      same += compared.same;
      return all.flatMap((own, index) => (own === undefined ? [] : [nodeEnds(index, own, all, compared.apart.get(index) ?? [], room)]));
    }),
  );
  return { ends, same };
}

interface Room {
  readonly names: readonly string[];
  readonly indexes: ReadonlyMap<string, number>;
  readonly addresses: ReadonlyMap<string, string>;
}

interface Comparison {
  readonly apart: ReadonlyMap<number, readonly number[]>;
  readonly same: number;
}

/** Nodes whose columns in another node's digest are compared together: as many as share the lines of a processor's cache. */
const NODES_AT_ONCE = 16;

/** For each node the nodes whose in SAs are not the same as its out SAs to them, and how many out SAs are the same. */
function compare(all: readonly (EndsDigest | undefined)[]): Comparison {
  const apart = new Map<number, number[]>();
  let same = 0;
  const tables = all.map((ends) => ends?.algorithms.join('\n'));
  for (let first = 0; first < all.length; first += NODES_AT_ONCE)
    for (let to = 0; to < all.length; to++) {
      const there = all[to];
      if (there === undefined) continue;
      const end = Math.min(first + NODES_AT_ONCE, all.length);
      for (let from = first; from < end; from++) {
        const here = all[from];
        if (here === undefined) continue;
        if (tables[from] === tables[to] && sameEnds(here.outs, to, there.ins, from))
          same += here.outs.offsets[to + 1]! - here.outs.offsets[to]!;
        else apart.set(from, [...(apart.get(from) ?? []), to]);
      }
    }
  return { apart, same };
}

function nodeEnds(
  own: number,
  { snapshot, outs, ins, algorithms, deviceKey, peers, peerKeys }: EndsDigest,
  all: readonly (EndsDigest | undefined)[],
  apart: readonly number[],
  { names, indexes, addresses }: Room,
): NodeEnds {
  return {
    node: names[own] ?? '',
    snapshot,
    outs: () => apart.flatMap((to) => unpackEnds(outs, to, names[to] ?? '', algorithms)),
    ins(peer) {
      const index = peer === undefined ? undefined : indexes.get(peer);
      if (peer !== undefined) return index === undefined ? [] : unpackEnds(ins, index, peer, algorithms);
      return names.flatMap((name, at) => unpackEnds(ins, at, name, algorithms));
    },
    deviceKey: Number.isNaN(deviceKey) ? undefined : deviceKey,
    *peers() {
      for (let at = 0; at < peers.length; at++) {
        const index = peers[at]!;
        const key = peerKeys[at]!;
        const peer = names[index];
        if (peer !== undefined && key !== all[index]?.deviceKey) yield { peer, endpoint: addresses.get(peer) ?? '', key };
      }
    },
  };
}
