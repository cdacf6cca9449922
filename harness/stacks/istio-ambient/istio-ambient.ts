import { minorOf } from '../cilium/profiles/profile-for.ts';
import { meshNode, POD_OBJECTS, podObjects } from '../mesh-collect.ts';
import { meshStack, tlsRefusal } from '../mesh-stack.ts';
import { documented } from '../origin.ts';
import type { Stack } from '../stack.ts';
import { accessLogOf, ZTUNNEL_COLLECTORS } from '../ztunnel/collect.ts';
import { decodeProxyLog } from '../ztunnel/proxy-outputs.ts';
import { decodeRedirection } from './decode.ts';
import { AMBIENT_ZTUNNEL_SELECTOR, DATAPLANE_MODE, ISTIO_NAMESPACE } from './names.ts';
import { ambientProfiles } from './profiles.ts';
import { ambientWords } from './words.ts';

/**
 * Istio in ambient mode: a ztunnel on each node, which works in the namespaces of the pods. Its administration is in its own network namespace and
 * its image has no shell, so its certificates are not read.
 */
export const istioAmbient: Stack = {
  ...meshStack,
  name: 'istio-ambient',
  profiles: ambientProfiles,
  profileFor: (version) => ambientProfiles.find(({ id }) => id === minorOf(version)) ?? null,
  profileIdOf: minorOf,
  defaults: { profile: ambientProfiles.at(-2)!.id, modes: ['tls'], routing: 'native' },
  refuse: tlsRefusal,
  collectors: (cluster, _intent, snapshot) => {
    if (snapshot === 'inbound') return [];
    const nodes = cluster.nodes.flatMap(({ name }) => [
      ...meshNode(name, snapshot),
      ...(snapshot === 'clear' || snapshot === 'sample'
        ? []
        : [accessLogOf(name, { namespace: ISTIO_NAMESPACE, selector: AMBIENT_ZTUNNEL_SELECTOR }, cluster)]),
    ]);
    return snapshot === 'sample' ? nodes : [...nodes, ...podObjects(cluster)];
  },
  meshReadings: {
    connections: { collector: ZTUNNEL_COLLECTORS.log, decode: decodeProxyLog },
    enrolment: { of: 'api', collector: POD_OBJECTS, decode: decodeRedirection },
  },
  enrolment: {
    labels: documented({ [DATAPLANE_MODE.label]: DATAPLANE_MODE.value }, 'istio 1.30.0, cni/README.md'),
    annotations: documented({}, 'istio 1.30.0, cni/README.md'),
    runningPods: documented(true, 'istio 1.30.0, architecture/ambient/ztunnel-cni-lifecycle.md'),
    proxies: documented(
      { namespace: ISTIO_NAMESPACE, selector: AMBIENT_ZTUNNEL_SELECTOR },
      'istio 1.30.0, manifests/charts/ztunnel/templates/daemonset.yaml',
    ),
  },
  words: () => ambientWords,
};
