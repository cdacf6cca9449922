import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { parseBoundedJson } from '../../model/bounded-json.ts';
import type { Data } from '../../model/data.ts';
import { snapshotSchema } from '../../model/recording.ts';
import { checkVerdictSchema } from '../../model/verdict.ts';
import type { Collection } from './collection.ts';
import { lost } from './merge-digests.ts';
import type { EndsDigest, NodeDigest } from './node-digest.ts';
import { columnSchema, packColumn, packedTableSchema, packTable, tableProblem, unpackColumn, unpackTable } from './packed-table.ts';

/** Version of the text. A reader takes no other. */
const DIGEST_SCHEMA = 1;
const MARK = `wirewitness-digest ${DIGEST_SCHEMA}`;

const endsSchema = z.strictObject({
  snapshot: snapshotSchema,
  outs: packedTableSchema,
  ins: packedTableSchema,
  algorithms: z.array(z.string()),
  /** Null: no WireGuard device. */
  deviceKey: z.number().nullable(),
  peers: columnSchema,
  peerKeys: columnSchema,
});

/** What a recorder hands in of one node. Numbers in columns are little-endian. */
const digestSchema = z.strictObject({
  /** Version of wirewitness, which decides the checks. */
  tool: z.string(),
  /** Id of the run, and SHA-256 of its plan. */
  run: z.string(),
  plan: z.string(),
  node: z.string(),
  /** Which key named the fingerprints. */
  fingerprints: z.string(),
  gaps: z.array(z.string()),
  verdicts: z.array(checkVerdictSchema.extend({ empty: z.boolean() })),
  ends: z.array(endsSchema),
});

/** A digest, and which key named its fingerprints. */
export interface HandedIn {
  readonly digest: NodeDigest;
  readonly fingerprints: string;
}

/** A digest as one line of text, sealed with the collection's key. It has no key and no fingerprint of one, only hashes of fingerprints. */
export function writeDigest({ digest, fingerprints }: HandedIn, collection: Collection): string {
  const { node, gaps, verdicts, ends } = digest;
  const { plan, planHash } = collection;
  const content = JSON.stringify({
    ...{ tool: plan.tool.version, run: plan.run.id, plan: planHash, node, fingerprints, gaps, verdicts },
    ends: ends.map(packEnds),
  });
  return `${MARK} ${sealOf(content, collection).toString('hex')} ${content}\n`;
}

/**
 * Read the line of a digest. A digest of another run, plan or version is that of its node, which is then lost.
 * @returns a sentence where it cannot be said whose digest it is: it was cut or edited, or another key sealed it
 */
export function readDigest(line: string, collection: Collection): HandedIn | string {
  const version = /^wirewitness-digest (\d{1,9}) /.exec(line)?.[1];
  if (version === undefined) return 'is not a digest';
  if (Number(version) !== DIGEST_SCHEMA) return `is a digest of version ${version}; this program reads version ${DIGEST_SCHEMA}`;
  const [, seal = '', content = ''] = /^\S+ \d+ ([0-9a-f]{64}) (\{.*\})\n?$/s.exec(line) ?? [];
  if (content === '') return 'is cut or broken';
  if (!timingSafeEqual(Buffer.from(seal, 'hex'), sealOf(content, collection)))
    return 'was edited, or another key sealed it: the seal does not fit';
  return readSealed(content, collection);
}

function readSealed(content: string, { plan, planHash, nodes, checks }: Collection): HandedIn | string {
  let value: unknown;
  try {
    value = parseBoundedJson(content);
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`;
  }
  const head = z.looseObject({ tool: z.string(), run: z.string(), plan: z.string(), node: z.string() }).safeParse(value);
  if (!head.success) return 'has no valid head';
  const { tool, run, plan: hash, node } = head.data;
  if (!nodes.includes(node)) return `is of ${JSON.stringify(node)}, which is no node of the plan`;
  const without = (why: string): HandedIn => ({ digest: lost(node, why), fingerprints: '' });
  if (tool !== plan.tool.version) return without(`its digest is of wirewitness ${tool}, the plan is of ${plan.tool.version}`);
  if (run !== plan.run.id) return without(`its digest is of run ${run}, the plan is of run ${plan.run.id}`);
  if (hash !== planHash) return without('its digest was made by another plan: claim, nodes or pods differ');
  const parsed = digestSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return without(`its digest is not valid: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { fingerprints, gaps, verdicts, ends } = parsed.data;
  if (gaps.length > 0) return { digest: { node, gaps, verdicts: [], ends: [] }, fingerprints: '' };
  const unsaid = checks.filter((id) => verdicts.every((verdict) => verdict.id !== id));
  if (unsaid.length > 0) return without(`its digest says nothing of ${unsaid.join(', ')}`);
  if (new Set(verdicts.map(({ id }) => id)).size !== verdicts.length) return without('its digest says something of a check twice');
  const problem = ends.map((one) => endsProblem(one, nodes.length)).find((one) => one !== null);
  if (problem !== undefined) return without(`its digest is not valid: ${problem}`);
  return { digest: { node, gaps, verdicts, ends: ends.map(unpackEnds) }, fingerprints };
}

type PackedEnds = Data<typeof endsSchema>;

function packEnds({ snapshot, outs, ins, algorithms, deviceKey, peers, peerKeys }: EndsDigest): PackedEnds {
  return {
    ...{ snapshot, outs: packTable(outs), ins: packTable(ins), algorithms },
    deviceKey: Number.isNaN(deviceKey) ? null : deviceKey,
    ...{ peers: packColumn(peers), peerKeys: packColumn(peerKeys) },
  };
}

function unpackEnds({ snapshot, outs, ins, algorithms, deviceKey, peers, peerKeys }: PackedEnds): EndsDigest {
  return {
    ...{ snapshot, outs: unpackTable(outs), ins: unpackTable(ins), algorithms },
    deviceKey: deviceKey ?? Number.NaN,
    ...{ peers: unpackColumn(peers, Uint32Array), peerKeys: unpackColumn(peerKeys, Float64Array) },
  };
}

/** Why columns cannot be of a cluster with so many nodes; null if they can. */
function endsProblem(packed: PackedEnds, nodes: number): string | null {
  const { snapshot, outs, ins, algorithms, peers, peerKeys } = unpackEnds(packed);
  const found = tableProblem(outs, nodes, algorithms.length) ?? tableProblem(ins, nodes, algorithms.length);
  if (found !== null) return `SAs ${snapshot}: ${found}`;
  if (peers.length !== peerKeys.length || peers.some((index) => index >= nodes)) return `peers ${snapshot}: columns that do not fit`;
  return null;
}

function sealOf(content: string, { sealKey }: Collection): Buffer {
  return createHmac('sha256', sealKey).update(`${MARK}\n${content}`).digest();
}
