import type { ClusterDescription } from '../../model/cluster.ts';
import { minorOf } from '../cilium/profiles/profile-for.ts';
import type { Collector } from '../collector.ts';
import { httpGet } from '../http-get.ts';
import { meshNode, POD_LINE, POD_OBJECTS, podObjects } from '../mesh-collect.ts';
import { meshStack, tlsRefusal } from '../mesh-stack.ts';
import { documented } from '../origin.ts';
import type { Stack } from '../stack.ts';
import { decodeInjection, decodeProxyMetrics, KEPT_METRICS } from './decode.ts';
import { LINKERD_PORTS } from './names.ts';
import { linkerdProfiles } from './profiles.ts';
import { linkerdWords } from './words.ts';

/** Collector of the metrics of the proxies on a node. */
const METRICS = 'proxy-metrics';

/**
 * What the proxies of a node's pods count, as `linkerd diagnostics proxy-metrics` shows it: their administration answers on the address of the pod,
 * and the redirection leaves its port out.
 */
function metricsOf(node: string, { pods }: ClusterDescription): Collector {
  const each = pods
    .filter((pod) => pod.node === node)
    .map(({ namespace, name, addresses: [address = ''] }) =>
      [`echo '${POD_LINE}${namespace}/${name}'`, httpGet(address, LINKERD_PORTS.admin, '/metrics', KEPT_METRICS)].join('; '),
    );
  return { collector: METRICS, shell: 'host', argv: ['bash', '-c', each.join('; ') || ':'], node };
}

/** Linkerd: a proxy in each pod, which the injector adds when the pod is created. */
export const linkerd: Stack = {
  ...meshStack,
  name: 'linkerd',
  profiles: linkerdProfiles,
  profileFor: (version) => linkerdProfiles.find(({ id }) => id === minorOf(version)) ?? null,
  profileIdOf: minorOf,
  defaults: { profile: linkerdProfiles.at(-1)!.id, modes: ['tls'], routing: 'native' },
  refuse: tlsRefusal,
  collectors: (cluster, _intent, snapshot) => {
    if (snapshot === 'inbound') return [];
    const nodes = cluster.nodes.flatMap(({ name }) => [
      ...meshNode(name, snapshot),
      ...(snapshot === 'clear' || snapshot === 'sample' ? [] : [metricsOf(name, cluster)]),
    ]);
    return snapshot === 'sample' ? nodes : [...nodes, ...podObjects(cluster)];
  },
  meshReadings: {
    peers: { collector: METRICS, decode: decodeProxyMetrics },
    enrolment: { of: 'api', collector: POD_OBJECTS, decode: decodeInjection },
  },
  enrolment: {
    labels: documented({}, 'linkerd2 version-2.20, pkg/k8s/labels.go, ProxyInjectAnnotation'),
    annotations: documented({ 'linkerd.io/inject': 'enabled' }, 'linkerd2 version-2.20, pkg/k8s/labels.go, ProxyInjectAnnotation'),
    runningPods: documented(false, 'linkerd2 version-2.20, controller/proxy-injector: a mutating webhook for new pods'),
    proxies: null,
  },
  words: () => linkerdWords,
};
