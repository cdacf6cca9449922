import type { ClusterDescription, PodDescription } from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { proxyFolder } from '../../harness/stacks/mesh-tls/mesh-tls.ts';
import type { TlsProfile } from '../../harness/stacks/profile.ts';
import { workloadIdentity } from '../../harness/stacks/workload-identity.ts';
import { REDIRECT_PORTS } from '../../harness/stacks/ztunnel/tls.ts';
import type { View } from '../datapath/topology.ts';
import type { Authority, IssuedCertificate } from './authority.ts';

/** How the proxies are to be; a fault changes some of it. */
export interface ProxySettings {
  readonly minVersion: '1.2' | '1.3';
  readonly maxVersion: '1.2' | '1.3';
  /** Of OpenSSL, for TLS 1.2; empty: its default. */
  readonly ciphers: string;
  readonly groups: string;
  /** Identities that a proxy accepts begin or end with this; empty: any that the root has signed. */
  readonly trust: string;
  /** Whose records the kernel makes; absent: the proxy makes all. */
  readonly kernel?: Intent['kernelTls'];
  /** Offered and taken by ALPN. */
  readonly alpn: string;
  /** What the connection of two proxies carries: HTTP/2 CONNECT, or the stream of the pod after a header. */
  readonly framing: 'hbone' | 'transport-header';
  /** A pod that every client asks for by name in place of the one that it connects to; then no name is compared. */
  readonly asksFor?: MeshPod;
  /** What both ends of a connection send in the clear: a line before the handshake, or everything after the tunnel was opened in TLS. */
  readonly clear?: 'before' | 'after';
}

/** TLS 1.3 and the groups of ztunnel, peers of the trust domain alone. */
export function healthySettings({ alpn, identity }: TlsProfile, { kernelTls }: Intent): ProxySettings {
  const isSpiffe = identity.value === 'spiffe';
  return {
    ...{ minVersion: '1.3', maxVersion: '1.3', ciphers: '', groups: 'X25519:P-256:P-384', alpn: alpn.value },
    trust: isSpiffe ? 'spiffe://cluster.local/' : '.serviceaccount.identity.linkerd.cluster.local',
    framing: isSpiffe ? 'hbone' : 'transport-header',
    ...(kernelTls === undefined ? {} : { kernel: kernelTls }),
  };
}

/** One pod of the mesh. */
export interface MeshPod {
  readonly description: PodDescription;
  /** `namespace/name`. */
  readonly name: string;
  readonly address: string;
  readonly node: string;
}

/** What the parts of a TLS mesh share. */
export interface TlsContext {
  readonly pods: readonly MeshPod[];
  readonly views: readonly View[];
  readonly authority: Authority;
  readonly tls: TlsProfile;
  /** Proxies without a fault. */
  readonly settings: ProxySettings;
  /** Enrolled pods take TCP from outside by their proxies alone. */
  readonly refusesPlaintext: boolean;
  host(node: string): Shell;
  pod(name: string): Shell;
  /** Enrol pods: their proxies, then the redirection. */
  enrol(pods: readonly MeshPod[], settings?: ProxySettings, certificate?: (pod: MeshPod) => IssuedCertificate): Promise<void>;
  /** Puts the redirection of a pod in place of the one that it has. */
  redirect(pod: MeshPod, past?: readonly MeshPod[]): Promise<void>;
  /** Takes the redirection of pods away, then ends their proxies. */
  withdraw(pods: readonly MeshPod[]): Promise<void>;
  endProxies(pods: readonly MeshPod[]): Promise<void>;
  /** Starts the proxies of pods. */
  start(pods: readonly MeshPod[], settings?: ProxySettings, certificate?: (pod: MeshPod) => IssuedCertificate): Promise<void>;
  /** The certificate that a pod's proxy is to have. */
  certificateOf(
    pod: MeshPod,
    more?: { readonly trustDomain?: string; readonly notAfter?: Date; readonly by?: Authority },
  ): IssuedCertificate;
  /** Routes the pods of a node, with nothing else on it. */
  route(view: View): Promise<void>;
  readonly renewal: Renewal;
  readonly course: TlsCourse;
}

/** What a change during traffic leaves out. A fault changes it before the change. */
export interface TlsCourse {
  /** Nodes whose pods have no redirection after a restart of the node. */
  readonly unredirected: Set<string>;
  /** Nodes whose pods keep the redirection when the mesh is turned off. */
  readonly keepsRules: Set<string>;
}

/** How certificates are renewed. A fault changes it before the renewal. */
export interface Renewal {
  /** Issues the new certificates of a node's pods where it is not the authority of the mesh; by node. */
  readonly strangers: Map<string, Authority>;
  /** Nodes whose proxies are given no new certificate. */
  readonly forgotten: Set<string>;
  /** Nodes whose proxies are ended and started again for it. */
  readonly restarted: Set<string>;
}

/** MTU of the pods' routes, bytes: nothing is put around their packets. */
export const ROUTE_MTU = 1500;

/** Mark of the proxies' own packets (0x539/0xfff, as ztunnel's), which are not redirected. */
const PROXY_MARK = '0x539';
/** Name of the nft table of an enrolled pod. */
export const POD_TABLE = 'ip tls_mesh';

/**
 * The redirection in the namespace of an enrolled pod: what it sends to pods and services goes to its proxy, and where the mesh refuses plaintext
 * it takes TCP from outside by its proxy alone.
 *
 * @param past pods that it sends to and takes from without its proxy
 */
export function redirection(
  pod: MeshPod,
  { pods, tls, refusesPlaintext }: TlsContext,
  services: ClusterDescription['services'],
  past: readonly MeshPod[] = [],
): string {
  const targets = [
    ...pods.filter((other) => !past.includes(other)).map(({ address }) => address),
    ...services.flatMap(({ addresses }) => addresses.filter((a) => !a.includes(':'))),
  ];
  return [
    "nft -f - <<'END'",
    `table ${POD_TABLE} {`,
    ' chain outbound { type nat hook output priority -100',
    `  meta mark ${PROXY_MARK} accept`,
    `  ip daddr ${pod.address} accept`,
    `  ip daddr { ${[...new Set(targets)].join(', ')} } meta l4proto tcp dnat to ${pod.address}:${REDIRECT_PORTS.outbound}`,
    ' }',
    ...(refusesPlaintext
      ? [
          ' chain inbound { type filter hook input priority 0',
          ...past.map(({ address }) => `  ip saddr ${address} accept`),
          `  iifname "eth0" tcp dport != ${tls.port.value} ct state new drop`,
          ' }',
        ]
      : []),
    '}',
    'END',
  ].join('\n');
}

/** The identity of a pod. */
export function meshIdentity({ description }: MeshPod, { identity, trustDomain }: TlsProfile, domain = trustDomain.value): string {
  const { namespace, serviceAccount = 'default' } = description;
  return workloadIdentity(identity.value, { trustDomain: domain, namespace, serviceAccount });
}

/** Starts the proxy of a pod; the script has its private key. */
export function proxyScript(
  pod: MeshPod,
  { certificate, privateKey }: IssuedCertificate,
  { authority, tls, pods }: TlsContext,
  services: ReadonlyMap<string, readonly string[]>,
  settings: ProxySettings,
): string {
  const file = proxyFile(pod);
  return `${[
    `mkdir -p ${proxyFolder(pod.node)}`,
    `lab-tls-proxy >${file}.pid <<'END'`,
    `inbound ${tls.port.value}`,
    `outbound ${REDIRECT_PORTS.outbound}`,
    `min ${settings.minVersion}`,
    `max ${settings.maxVersion}`,
    ...(settings.ciphers === '' ? [] : [`ciphers ${settings.ciphers}`]),
    `groups ${settings.groups}`,
    `trust ${settings.trust}`,
    ...(settings.kernel === undefined ? [] : [`kernel ${settings.kernel}`]),
    `alpn ${settings.alpn}`,
    `framing ${settings.framing}`,
    ...(settings.asksFor === undefined ? [] : ['unverified 1']),
    ...(tls.serverName.value === 'none'
      ? []
      : pods.map((other) => `name ${other.address} ${meshIdentity(settings.asksFor ?? other, tls)}`)),
    ...(settings.clear === undefined ? [] : [`clear ${settings.clear}`]),
    `log ${file}.log`,
    `certificate_file ${file}.pem`,
    `root_file ${file}.root`,
    `renewal ${file}.renewal`,
    ...[...services].map(([address, backends]) => `service ${address} ${backends.join(' ')}`),
    `certificate\n${certificate.trim()}`,
    `key\n${privateKey.trim()}`,
    `root\n${authority.root.trim()}`,
    'END',
  ].join('\n')}\n`;
}

/** Files of a proxy, by their ending: `pid`, `log`, `pem`, `root`, and the pipe `renewal`. */
function proxyFile({ node, description }: MeshPod): string {
  return `${proxyFolder(node)}/${description.namespace}.${description.name}`;
}

/** Gives a running proxy another certificate, and waits until it uses it; the script has its private key. */
export function renewalScript(pod: MeshPod, { certificate, privateKey }: IssuedCertificate): string {
  const file = proxyFile(pod);
  // This line has the serial number, which no other certificate has.
  const mark = certificate.split('\n')[1];
  return `${[
    `cat >${file}.renewal <<'END'`,
    `${certificate.trim()}\n${privateKey.trim()}`,
    'END',
    'tries=0',
    `until grep -qF '${mark}' ${file}.pem; do`,
    ' tries=$((tries + 1))',
    ` [ $tries -lt 400 ] || { echo 'the proxy of ${pod.name} did not take its new certificate' >&2; exit 1; }`,
    ' sleep 0.05',
    'done',
  ].join('\n')}\n`;
}

/** Ends the proxy of a pod and removes its files. */
export function withdrawalScript(pod: MeshPod): string {
  const file = proxyFile(pod);
  return `[ ! -e ${file}.pid ] || kill $(cat ${file}.pid) 2>/dev/null || :\nrm -f ${file}.*\n`;
}

/** Ends the proxies of a node. */
export function killScript(node: string): string {
  return `for f in ${proxyFolder(node)}/*.pid; do [ ! -e "$f" ] || kill $(cat "$f") 2>/dev/null || :; done\n`;
}
