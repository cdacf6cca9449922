import { NAMESPACE } from '../cilium/names.ts';
import { minorOf } from '../cilium/profiles/profile-for.ts';
import { meshNode } from '../mesh-collect.ts';
import { meshStack, tlsRefusal } from '../mesh-stack.ts';
import { documented } from '../origin.ts';
import type { Stack } from '../stack.ts';
import { accessLogOf, configDumpOf, ZTUNNEL_COLLECTORS } from '../ztunnel/collect.ts';
import { decodeConfigDump, decodeConfigDumpRoots } from '../ztunnel/config-dump.ts';
import { decodeProxyLog } from '../ztunnel/proxy-outputs.ts';
import { decodeEnrolledNamespaces, keepEnrolledNamespaces } from './decode.ts';
import { CILIUM_ZTUNNEL_SELECTOR, MTLS_ENABLED } from './names.ts';
import { ciliumZtunnelProfiles } from './profiles.ts';
import { ciliumZtunnelWords } from './words.ts';

/** Collector of an agent's tables. */
const TABLES = 'agent-tables';

/** Cilium with `encryption.type=ztunnel`: a ztunnel in the network namespace of each node, which the agents configure and certify. */
export const ciliumZtunnel: Stack = {
  ...meshStack,
  name: 'cilium-ztunnel',
  profiles: ciliumZtunnelProfiles,
  profileFor: (version) => ciliumZtunnelProfiles.find(({ id }) => id === minorOf(version)) ?? null,
  profileIdOf: minorOf,
  defaults: { profile: ciliumZtunnelProfiles.at(-1)!.id, modes: ['tls'], routing: 'vxlan' },
  refuse: (intent) =>
    tlsRefusal(intent) ??
    (intent.strictIngress === true
      ? { claim: 'strictIngress', why: 'the agents give ztunnel no policy, so an enrolled pod takes plaintext too' }
      : null),
  collectors: (cluster, _intent, snapshot) => {
    if (snapshot === 'inbound') return [];
    const { agentNamespace: namespace = NAMESPACE } = cluster;
    return cluster.nodes.flatMap(({ name: node }) => [
      ...meshNode(node, snapshot),
      ...(snapshot === 'clear' ? [] : [configDumpOf(node)]),
      ...(snapshot === 'clear' || snapshot === 'sample'
        ? []
        : [
            accessLogOf(node, { namespace, selector: CILIUM_ZTUNNEL_SELECTOR }, cluster),
            { collector: TABLES, shell: 'agent' as const, argv: ['cilium-dbg', 'statedb', 'dump'], node, redact: keepEnrolledNamespaces },
          ]),
    ]);
  },
  meshReadings: {
    connections: { collector: ZTUNNEL_COLLECTORS.log, decode: decodeProxyLog },
    certificates: { collector: ZTUNNEL_COLLECTORS.dump, decode: decodeConfigDump },
    roots: { collector: ZTUNNEL_COLLECTORS.dump, decode: decodeConfigDumpRoots },
    enrolment: { of: 'node', collector: TABLES, decode: decodeEnrolledNamespaces },
  },
  enrolment: {
    labels: documented({ [MTLS_ENABLED.label]: MTLS_ENABLED.value }, 'Cilium 1.20, Documentation/security/network/encryption-ztunnel.rst'),
    annotations: documented({}, 'Cilium 1.20, Documentation/security/network/encryption-ztunnel.rst'),
    runningPods: documented(true, 'Cilium 1.20, Documentation/security/network/encryption-ztunnel.rst: existing pods are enrolled'),
    proxies: documented(
      { namespace: NAMESPACE, selector: CILIUM_ZTUNNEL_SELECTOR },
      'Cilium 1.20.2, install/kubernetes/cilium/templates/ztunnel/daemonset.yaml',
    ),
  },
  words: () => ciliumZtunnelWords,
};
