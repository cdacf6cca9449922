import type { RecordingManifest, Snapshot } from '../../model/recording.ts';
import type { CheckVerdict } from '../../model/verdict.ts';
import type { AnyCheck, Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { isOfFacts, verdictOf } from '../judge.ts';
import { Examination } from '../state/examination.ts';
import { type ClusterEnds, readAssociationEnds, readPeerEnds } from '../state/node-ends.ts';
import { type EndTable, packEnds } from './end-table.ts';
import { keyHash } from './key-hash.ts';

/** What the kernel and agent of one node show, judged, and the ends that other nodes must agree with. */
export interface NodeDigest {
  readonly node: string;
  /** Why it is not complete; empty if it is. */
  readonly gaps: readonly string[];
  /** Verdicts of the checks for which {@link isOfNodes} is true, from this node alone. */
  readonly verdicts: readonly NodeVerdict[];
  readonly ends: readonly EndsDigest[];
}

/** A verdict on one node. */
export interface NodeVerdict extends CheckVerdict {
  /** The node has nothing that the check looks at. That is inconclusive only where no other node has something either. */
  readonly empty: boolean;
}

/** The ends of a node in one snapshot. Indexes are those of the nodes in the order of their names. */
export interface EndsDigest {
  readonly snapshot: Snapshot;
  readonly outs: EndTable;
  readonly ins: EndTable;
  readonly algorithms: readonly string[];
  /** {@link keyHash} of the WireGuard device's public key; NaN: none. */
  readonly deviceKey: number;
  /** WireGuard peers: index of the node at whose address they are, and hash of their key. */
  readonly peers: Uint32Array;
  readonly peerKeys: Float64Array;
}

/**
 * Whether a check can be judged node by node: it reads kernels and agents only. The others need captures or the state of several nodes beside
 * each other, the journal of a scenario, or the recording itself.
 */
export function isOfNodes(check: AnyCheck): check is Check {
  if (!isOfFacts(check) || check.comparesNodes === true || check.scenarios !== undefined) return false;
  return check.needs.length > 0 && !check.needs.includes('capture');
}

/** The nodes of a cluster with their index in digests. */
export function nodeIndexes({ cluster }: Pick<RecordingManifest, 'cluster'>): ReadonlyMap<string, number> {
  return new Map(
    cluster.nodes
      .map(({ name }) => name)
      .sort()
      .map((name, index) => [name, index]),
  );
}

/** The digest of one node of a recording: nothing that the other nodes said is looked at. */
export function digestOf(facts: Facts, node: string, checks: readonly AnyCheck[]): NodeDigest {
  const derivation = facts.manifest.proofs.derivation.filter((proof) => proof.node === node);
  const own: Facts = {
    ...facts,
    manifest: { ...facts.manifest, proofs: { decryption: [], derivation } },
    state: { ...facts.state, nodes: facts.state.nodes.filter((state) => state.node === node) },
    wire: { ...facts.wire, captures: [], flows: [] },
  };
  const x = new Examination(own, '');
  const { profile, manifest } = facts;
  const isIpsec = manifest.intent.mode === 'ipsec' && profile?.ipsec != null;
  const ends = isIpsec ? readAssociationEnds(x, x.ipsec) : readPeerEnds(x);
  return {
    node,
    gaps: own.state.nodes.length === 0 ? [`${node} is not in the recording`] : [],
    verdicts: checks.filter(isOfNodes).map((check) => nodeVerdict(check, own)),
    ends: digestEnds(ends, nodeIndexes(manifest)),
  };
}

function nodeVerdict(check: Check, own: Facts): NodeVerdict {
  let empty = false;
  const found = verdictOf(check, own, (x) => {
    const finding = check.judge(x);
    const { verdict } = finding;
    empty = (x.empty && verdict === 'inconclusive') || (check.notExercisedIsEmpty === true && verdict === 'not-exercised');
    return finding;
  });
  return { ...found, empty };
}

function digestEnds(ends: ClusterEnds, indexes: ReadonlyMap<string, number>): EndsDigest[] {
  return [...ends.all()].map((own) => {
    const algorithms: string[] = [];
    const peers = [...own.peers()].flatMap(({ peer, key }) => {
      const index = indexes.get(peer);
      return index === undefined ? [] : [{ index, key }];
    });
    return {
      snapshot: own.snapshot,
      outs: packEnds([...own.outs()], indexes, algorithms),
      ins: packEnds([...own.ins()], indexes, algorithms),
      algorithms,
      deviceKey: keyHash(own.deviceKey),
      peers: Uint32Array.from(peers, ({ index }) => index),
      peerKeys: Float64Array.from(peers, ({ key }) => keyHash(key)),
    };
  });
}
