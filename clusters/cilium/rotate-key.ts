import type { Kube } from '../../harness/kube/kube.ts';
import type { KubeObject } from '../../harness/kube/object.ts';
import { waitFor } from '../../harness/kube/wait.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { LIMITS_MS } from '../../harness/proc/limits.ts';
import { succeeded } from '../../harness/proc/run.ts';
import { KEY_SECRET } from '../../harness/stacks/cilium/names.ts';
import { nextKeySecret } from './key-secret.ts';

export interface RotationOptions {
  readonly kube: Kube;
  /** Namespace of the agents. */
  readonly namespace: string;
  readonly nodes: readonly string[];
  readonly host: (node: string) => Shell;
  readonly progress: (line: string) => void;
}

/** Kubelets deliver a changed Secret to the agents within a minute or two. */
const PUBLISH_MS = 300_000;
/** Agents keep the old key for five minutes by default (`ipsec-key-rotation-duration`). */
const CLEAN_MS = 600_000;

/**
 * Rotate the IPsec key as Cilium's documentation says: the Secret gets a new key under the next id. Returns when every node publishes the
 * id and the old SAs are gone from every kernel.
 */
export async function rotateIpsecKey(
  options: RotationOptions,
  step: (name: string, detail: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  const { kube, namespace, nodes, progress } = options;
  const current = await kube.read({ apiVersion: 'v1', kind: 'Secret', metadata: { name: KEY_SECRET, namespace } });
  const { secret, from, to } = nextKeySecret(current);
  step('secret-changed', { from, to });
  await kube.apply(secret);
  await waitFor({
    what: `every node to publish key id ${to}`,
    limitMs: PUBLISH_MS,
    progress,
    look: async () => {
      const published = new Map((await kube.list('cilium.io/v2', 'CiliumNode')).map((node) => [node.metadata.name, publishedId(node)]));
      const behind = nodes.filter((node) => published.get(node) !== to);
      return behind.length === 0 ? { done: undefined } : { missing: `${behind.join(', ')} not yet` };
    },
  });
  step('published', { to });
  await waitFor({
    what: `the SAs of key id ${from} to be gone`,
    limitMs: CLEAN_MS,
    progress,
    look: async () => {
      const left = await nodesHolding(from, nodes, options.host);
      return left.length === 0 ? { done: undefined } : { missing: `${left.join(', ')} still have them` };
    },
  });
  step('old-key-gone', { from });
}

/** Nodes whose kernel has SAs of a key id. */
export async function nodesHolding(keyId: number, nodes: readonly string[], host: (node: string) => Shell): Promise<string[]> {
  const held = await Promise.all(
    nodes.map(async (node) => {
      const asking = { timeoutMs: LIMITS_MS.read, idempotent: true };
      return spisIn(succeeded(await host(node).run(['ip', 'xfrm', 'state', 'list', 'nokeys'], asking), node).stdout).has(keyId);
    }),
  );
  return nodes.filter((_, index) => held[index] === true);
}

/** The key id that a CiliumNode publishes. */
export function publishedId({ spec }: KubeObject): number | undefined {
  return (spec as { encryption?: { key?: number } } | undefined)?.encryption?.key;
}

/** Key ids of the SAs: the SPI, which is the id. */
export function spisIn(states: string): ReadonlySet<number> {
  return new Set([...states.matchAll(/proto esp spi (0x[0-9a-f]+)/g)].map((match) => Number(match[1])));
}
