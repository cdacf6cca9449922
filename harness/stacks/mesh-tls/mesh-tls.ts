import type { ClusterDescription } from '../../model/cluster.ts';
import type { Intent } from '../../model/intent.ts';
import type { Snapshot } from '../../model/recording.ts';
import { type Collector, clockOf } from '../collector.ts';
import type { Stack } from '../stack.ts';
import { HBONE_PORT, tlsProfiles } from './profiles.ts';
import { decodeCertificates, decodeProxyLog } from './proxy-outputs.ts';
import { meshTlsWords } from './words.ts';

/** Folder of a node in which the lab's proxies write their log, certificate and trusted root, none of which has a secret. */
export const proxyFolder = (node: string): string => `/run/tls-mesh/${node}`;

const OTHER_STACK = 'an option of Cilium, which a mesh does not have';

const refuse: Stack['refuse'] = ({
  mode,
  routing,
  nodeEncryption,
  strictMode,
  sctp,
  loadBalancer,
  loadBalancerXdp,
  egressGateway,
  families,
}) => {
  if (mode !== 'tls') return { claim: 'mode', why: `a TLS mesh has no ${mode}` };
  if (routing !== 'native') return { claim: 'routing', why: 'what a mesh carries is the same whatever routes it: claim native' };
  if (nodeEncryption) return { claim: 'nodeEncryption', why: 'a mesh carries what pods send to pods, not what nodes send' };
  if (strictMode)
    return { claim: 'strictMode', why: 'strict mode is an option of another stack; an enrolled pod always refuses plaintext' };
  if (sctp === true) return { claim: 'sctp', why: 'a TLS mesh carries TCP only' };
  if (loadBalancer !== undefined) return { claim: 'loadBalancer', why: OTHER_STACK };
  if (loadBalancerXdp !== undefined) return { claim: 'loadBalancerXdp', why: OTHER_STACK };
  if (egressGateway !== undefined) return { claim: 'egressGateway', why: OTHER_STACK };
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

/** Logs, certificates and trusted roots of the proxies on each node. */
function collectors({ nodes }: ClusterDescription, intent: Intent, snapshot: Snapshot): Collector[] {
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
    const always = [clockOf(node), read('proxy-log', 'log'), read('proxy-certificates', 'pem'), read('proxy-roots', 'root')];
    if (intent.kernelTls !== undefined && snapshot !== 'sample') always.push(countersOf(node));
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
  },
  devices: () => ({ host: null, tunnel: null, wireguard: null }),
  routing: { encryptMark: null, marks: [], tables: [] },
  keyRotation: null,
  keyDerivation: null,
  words: () => meshTlsWords,
};
