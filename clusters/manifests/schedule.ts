import { ManifestError, type WantedPod } from './load.ts';

/** Where each pod runs: pinned ones where they ask, the others in turn over the nodes, in the manifests' order. */
export function schedule(pods: readonly WantedPod[], nodes: readonly string[]): Map<WantedPod, string> {
  if (nodes.length === 0) throw new RangeError('no nodes to schedule pods on');
  const placed = new Map<WantedPod, string>();
  let next = 0;
  for (const pod of pods) {
    placed.set(pod, pod.pinned === undefined ? nodes[next++ % nodes.length]! : pinnedNode(pod, pod.pinned, nodes));
  }
  return placed;
}

/** Pods for the nodes on which none of a workload runs, one each, so that pod traffic crosses every pair of nodes. */
export function podsOfBareNodes(placed: ReadonlyMap<WantedPod, string>, nodes: readonly string[]): WantedPod[] {
  const used = new Set(placed.values());
  return nodes
    .filter((node) => !used.has(node))
    .map((node) => ({ name: `pod-${node}`, namespace: 'default', labels: { 'app.kubernetes.io/name': `pod-${node}` }, pinned: node }));
}

/** kind names its nodes `NAME-worker`, `NAME-worker2`: a manifest written for it finds the first and second node here. */
function pinnedNode(pod: WantedPod, wanted: string, nodes: readonly string[]): string {
  if (nodes.includes(wanted)) return wanted;
  const worker = /-worker(\d*)$/.exec(wanted);
  const node = worker ? nodes[Number(worker[1] || '1') - 1] : undefined;
  if (node === undefined)
    throw new ManifestError(`pod ${pod.namespace}/${pod.name} is pinned to ${wanted}, which is none of ${nodes.join(', ')}`);
  return node;
}
