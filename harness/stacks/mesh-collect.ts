import { parseBoundedYaml } from '../decode/bounded-yaml.ts';
import { isObject, objects } from '../decode/kernel/json.ts';
import type { ClusterDescription } from '../model/cluster.ts';
import type { Snapshot } from '../model/recording.ts';
import { type Collector, clockOf } from './collector.ts';

/** Precedes what is about a pod, `namespace/name`, in an output about all pods of a node. */
export const POD_LINE = '# pod ';

/** Collector of the pods' objects. */
export const POD_OBJECTS = 'pod-objects';

/** What is read of each node in a cluster with a mesh: its clock, and in the first snapshot its kernel and its routes. */
export function meshNode(node: string, snapshot: Snapshot): Collector[] {
  const host = (collector: string, ...argv: readonly string[]): Collector => ({ collector, shell: 'host', argv, node });
  if (snapshot !== 'before') return [clockOf(node)];
  return [clockOf(node), host('ip-route', 'ip', 'route', 'show', 'table', 'all'), host('uname', 'uname', '-a')];
}

/** The objects of the pods on record, of which names, annotations and names of containers are kept: the rest may hold secrets of applications. */
export function podObjects({ pods }: ClusterDescription): Collector[] {
  const names = new Set(pods.map(({ namespace, name }) => `${namespace}/${name}`));
  return [...new Set(pods.map(({ namespace }) => namespace))].map((namespace) => ({
    collector: POD_OBJECTS,
    shell: 'api',
    argv: ['kubectl', '-n', namespace, 'get', 'pods', '-o', 'yaml'],
    node: null,
    redact: (output) => `${JSON.stringify({ kind: 'List', items: itemsOf(output).flatMap((pod) => keptOf(pod, names)) }, null, 1)}\n`,
  }));
}

function itemsOf(output: string): readonly unknown[] {
  return parseBoundedYaml(output).flatMap((document) => (isObject(document) && Array.isArray(document.items) ? document.items : []));
}

function keptOf(pod: unknown, names: ReadonlySet<string>): readonly object[] {
  if (!isObject(pod) || !isObject(pod.metadata)) return [];
  const { name, namespace, annotations } = pod.metadata;
  if (!names.has(`${namespace}/${name}`)) return [];
  const spec = isObject(pod.spec) ? pod.spec : {};
  const containersOf = (list: unknown): readonly object[] =>
    Array.isArray(list) ? objects(list).map((each) => ({ name: each.name })) : [];
  return [
    {
      metadata: { name, namespace, annotations: annotations ?? {} },
      spec: { containers: containersOf(spec.containers), initContainers: containersOf(spec.initContainers) },
    },
  ];
}
