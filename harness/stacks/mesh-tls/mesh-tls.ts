import type { ClusterDescription } from '../../model/cluster.ts';
import type { Intent } from '../../model/intent.ts';
import type { Snapshot } from '../../model/recording.ts';
import { type Collector, clockOf } from '../collector.ts';
import { POD_LINE } from '../mesh-collect.ts';
import { tlsRefusal } from '../mesh-stack.ts';
import type { Stack } from '../stack.ts';
import { decodeCertificates, decodeProxyLog } from '../ztunnel/proxy-outputs.ts';
import { HBONE_PORT } from '../ztunnel/tls.ts';
import { decodePodRules } from './pod-rules.ts';
import { tlsProfiles } from './profiles.ts';
import { meshTlsWords } from './words.ts';

/** Folder of a node in which the lab's proxies write their log, certificate and trusted root, none of which has a secret. */
export const proxyFolder = (node: string): string => `/run/tls-mesh/${node}`;

const refuse: Stack['refuse'] = (intent) => {
  const common = tlsRefusal(intent);
  if (common !== null) return common;
  const { routing, strictIngress, trustDomain, kernelTls, profile, families } = intent;
  if (routing !== 'native') return { claim: 'routing', why: 'what a mesh carries is the same whatever routes it: claim native' };
  if (strictIngress !== undefined)
    return { claim: 'strictIngress', why: 'the profile says what the pods of the lab do with plaintext: those of hbone refuse it' };
  if (trustDomain !== undefined && trustDomain !== 'cluster.local')
    return { claim: 'trustDomain', why: 'the lab issues certificates of cluster.local' };
  if (kernelTls !== undefined && profile !== 'hbone') return { claim: 'kernelTls', why: `the proxies of ${profile} do not use it` };
  if (families.join() !== 'ipv4') return { claim: 'families', why: 'the profiles of TLS meshes are for IPv4 only' };
  return null;
};

/** A command for each pod of a node that has a proxy, in whose network namespace `$pid` is. */
const eachProxy = (node: string, command: string): readonly string[] => [
  'sh',
  '-c',
  `set -e; cd ${proxyFolder(node)}; for f in *.pid; do echo "pod $(basename $f .pid)"; pid=$(cat $f); ${command}; done`,
];

const countersOf = (node: string): Collector => ({
  ...{ collector: 'tls-stat', shell: 'host', node },
  argv: eachProxy(node, 'cat /proc/$pid/net/tls_stat'),
});

const socketsOf = (node: string): Collector => ({
  ...{ collector: 'tls-sockets', shell: 'host', node },
  argv: eachProxy(node, `nsenter -t $pid -n ss -HOnti '( sport = :${HBONE_PORT} or dport = :${HBONE_PORT} )'`),
});

/** Collector of the rules in the namespaces of the pods of a node. */
const POD_RULES = 'pod-rules';

/** The rules of each pod, after a line with its name; the network namespace of a pod has its name. */
function rulesOf(pods: ClusterDescription['pods']): string {
  return [
    'set -e',
    ...pods.flatMap(({ namespace, name }) => [
      `echo '${POD_LINE}${namespace}/${name}'`,
      `ip netns exec ${namespace}.${name} nft list ruleset`,
    ]),
  ].join('\n');
}

/** Logs, certificates and trusted roots of the proxies on each node. */
function collectors({ nodes, pods }: ClusterDescription, intent: Intent, snapshot: Snapshot): Collector[] {
  if (snapshot === 'inbound') return [];
  if (snapshot === 'connected') return intent.kernelTls === undefined ? [] : nodes.map(({ name }) => socketsOf(name));
  return nodes.flatMap(({ name: node }) => {
    const read = (collector: string, ending: string): Collector => ({
      collector,
      shell: 'host',
      argv: ['sh', '-c', `cat ${proxyFolder(node)}/*.${ending}`],
      node,
    });
    const host = (collector: string, ...argv: readonly string[]): Collector => ({ collector, shell: 'host', argv, node });
    if (snapshot === 'clear') return [clockOf(node)];
    const own = pods.filter((pod) => pod.node === node);
    const rules: Collector = { collector: POD_RULES, shell: 'host', argv: ['sh', '-c', rulesOf(own)], node };
    if (snapshot === 'sample') return [clockOf(node), read('proxy-certificates', 'pem')];
    const always = [clockOf(node), rules, read('proxy-log', 'log'), read('proxy-certificates', 'pem'), read('proxy-roots', 'root')];
    if (intent.kernelTls !== undefined) always.push(countersOf(node));
    return snapshot === 'before'
      ? [...always, host('ip-route', 'ip', 'route', 'show', 'table', 'all'), host('uname', 'uname', '-a')]
      : always;
  });
}

/** Mutual TLS between the proxies of pods: a service mesh. */
export const meshTls: Stack = {
  name: 'mesh-tls',
  profiles: tlsProfiles,
  profileFor: (id) => tlsProfiles.find((profile) => profile.id === id) ?? null,
  profileIdOf: (id) => id,
  defaults: { profile: 'hbone', modes: ['tls'], routing: 'native' },
  refuse,
  collectors,
  readsConnected: ({ kernelTls }) => kernelTls !== undefined,
  readings: null,
  meshReadings: {
    connections: { collector: 'proxy-log', decode: decodeProxyLog },
    certificates: { collector: 'proxy-certificates', decode: decodeCertificates },
    roots: { collector: 'proxy-roots', decode: decodeCertificates },
    enrolment: { of: 'node', collector: POD_RULES, decode: decodePodRules },
  },
  devices: () => ({ host: null, tunnel: null, wireguard: null }),
  routing: { encryptMark: null, marks: [], tables: [] },
  keyRotation: null,
  keyDerivation: null,
  words: () => meshTlsWords,
};
