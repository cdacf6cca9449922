import * as z from 'zod';
import { KEPT_LOSSES, type RecordingManifest } from '../model/recording.ts';
import { SCENARIOS } from '../model/scenario.ts';
import { RecordingError } from './recording-error.ts';

const instant = z.object({ utc: z.iso.datetime(), monotonicMs: z.number() });
const family = z.enum(['ipv4', 'ipv6']);
const phase = z.enum(['clear', 'encrypted', 'window']);
const snapshot = z.enum(['clear', 'before', 'after', 'end', 'sample']);
/** A path inside the recording: relative, and it may not climb out. */
const path = z
  .string()
  .refine((value) => value !== '' && !value.startsWith('/') && !value.split('/').includes('..'), 'must stay inside the recording');
const capability = z.object({ available: z.boolean(), reason: z.string() });
const sa = { src: z.string(), dst: z.string(), spi: z.string().regex(/^0x[0-9a-f]{8}$/) };
const flowEnd = z.object({ name: z.string(), kind: z.enum(['pod', 'node', 'service']), node: z.string().nullable(), address: z.string() });

const cluster = z.object({
  name: z.string(),
  provider: z.string(),
  environmentClass: z.enum(['lab', 'ephemeral-test', 'pre-production', 'production-readonly']),
  nodes: z.array(
    z.object({
      name: z.string(),
      addresses: z.array(z.string()),
      podCidrs: z.array(z.string()),
      ciliumInternal: z.array(z.string()),
      bootId: z.string().optional(),
      uplink: z.string(),
    }),
  ),
  pods: z.array(
    z.object({
      name: z.string(),
      namespace: z.string(),
      node: z.string(),
      addresses: z.array(z.string()),
      labels: z.record(z.string(), z.string()),
      hostInterface: z.string().optional(),
      httpPort: z.number().optional(),
    }),
  ),
  services: z.array(
    z.object({ name: z.string(), namespace: z.string(), addresses: z.array(z.string()), port: z.number(), backends: z.array(z.string()) }),
  ),
  versions: z.record(z.string(), z.string()),
  capabilities: z.record(z.string(), capability),
});

const manifest = z.object({
  schema: z.literal(1),
  run: z.object({
    id: z.string(),
    scenario: z.enum(SCENARIOS),
    fault: z.string().nullable(),
    startedAt: instant,
    endedAt: instant,
    complete: z.boolean(),
    note: z.string(),
  }),
  tool: z.object({ name: z.literal('wirewitness'), version: z.string(), node: z.string() }),
  intent: z.object({
    mode: z.enum(['ipsec', 'wireguard', 'none']),
    routing: z.enum(['vxlan', 'geneve', 'native']),
    profile: z.string(),
    nodeEncryption: z.boolean(),
    strictMode: z.boolean(),
    perTunnelKeys: z.boolean(),
    families: z.array(family),
  }),
  cluster,
  commands: z.array(
    z.object({
      snapshot,
      node: z.string().nullable(),
      shell: z.enum(['host', 'agent', 'wire', 'api']),
      collector: z.string(),
      argv: z.array(z.string()),
      exitCode: z.number(),
      stdout: path,
      stderr: path,
      startedAt: instant,
      endedAt: instant,
    }),
  ),
  captures: z.array(
    z.object({
      phase,
      vantage: z.enum(['wire', 'nic', 'tunnel', 'wireguard', 'pod']),
      node: z.string().nullable(),
      interface: z.string(),
      kind: z.enum(['full', 'sentinel', 'cipher']),
      filter: z.string(),
      snapLength: z.number(),
      file: path,
      argv: z.array(z.string()),
      readyLine: z.string().nullable(),
      startedAt: instant,
      stoppedAt: instant,
      exitCode: z.number().nullable(),
      counters: z.object({ captured: z.number(), receivedByFilter: z.number(), droppedByKernel: z.number() }).nullable(),
      beacons: z.object({ start: z.string(), end: z.string() }),
    }),
  ),
  traffic: z.array(
    z.object({
      phase,
      id: z.string(),
      path: z.enum(['pod-pod', 'pod-service', 'pod-node', 'node-pod', 'node-node', 'same-node']),
      family,
      protocol: z.enum(['tcp', 'udp', 'icmp']),
      source: flowEnd,
      destination: flowEnd,
      port: z.number().nullable(),
      canary: z.string().regex(/^[0-9a-f]{32}$/),
      sent: z.number(),
      answered: z.number(),
      answeredBy: z.array(z.string()),
      startedAt: instant,
      endedAt: instant,
      note: z.string(),
      load: z
        .object({
          intervalMs: z.number(),
          longestGapMs: z.number(),
          losses: z.array(z.object({ sequence: z.number(), at: instant })).max(KEPT_LOSSES),
        })
        .optional(),
    }),
  ),
  proofs: z.object({
    decryption: z.array(
      z.object({
        ...sa,
        capture: path,
        sampled: z.number(),
        decrypted: z.number(),
        flows: z.array(z.string()),
        others: z.array(z.string()),
        note: z.string(),
      }),
    ),
    derivation: z.array(
      z.object({
        ...sa,
        snapshot,
        node: z.string(),
        derivation: z.enum(['per-tunnel', 'shared', 'unknown']),
        matches: z.boolean(),
        note: z.string(),
      }),
    ),
  }),
  files: z.array(z.object({ path, bytes: z.number(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});

/** Check a parsed manifest.json field by field. @throws RecordingError with the path of the first wrong field. */
export function readManifest(recording: string, raw: unknown): RecordingManifest {
  const result = manifest.safeParse(raw);
  if (result.success) return result.data as RecordingManifest;
  const issue = result.error.issues[0];
  throw new RecordingError(recording, 'manifest.json', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`);
}
