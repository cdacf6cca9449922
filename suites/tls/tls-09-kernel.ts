import { type KernelTlsCounter, type KernelTlsSocket, kernelCipherOf } from '../../harness/decode/kernel/kernel-tls.ts';
import type { TlsConnection } from '../../harness/decode/tls/connection-facts.ts';
import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { normalAddress } from '../../harness/judge/wire/address-owners.ts';
import type { Intent } from '../../harness/model/intent.ts';
import { tally } from './connections.ts';

/** Counters of sockets that got keys, by direction, whoever makes the records; and of records that could not be decrypted. */
const KEYED = { send: ['TlsTxSw', 'TlsTxDevice'], receive: ['TlsRxSw', 'TlsRxDevice'] } as const;
const REFUSED = 'TlsDecryptError';

export const tls09: Check = {
  id: 'TLS-09',
  must: 'Where TLS by the kernel is claimed, the kernel has the keys of every TLS connection of the mesh in the claimed directions, of the version and the cipher that the wire shows, and no record failed to decrypt',
  modes: ['tls'],
  evidence:
    '/proc/net/tls_stat in the network namespace of every pod, before and after; `ss -ti` there while pods hold connections; TLS connections at all capture points in the judged phase',
  needs: ['capture', 'host-shell'],
  remedy:
    'Look whether the module `tls` is loaded on the named node (`cat /proc/net/tls_stat`), and whether the TLS library of the proxy is built and configured for it (OpenSSL: `enable-ktls`, option `KTLS`; 3.0 gives the kernel no keys for what it receives with TLS 1.3). The kernel has AES-GCM, AES-CCM and ChaCha20-Poly1305 only. A growing TlsDecryptError means that bytes are changed on the way or that the keys of the two ends differ: compare captures at both ends.',
  judge(x) {
    const claimed = x.facts.manifest.intent.kernelTls;
    if (claimed === undefined) return x.set('not-applicable', 'TLS by the kernel is not claimed');
    const connections = establishedConnections(x);
    if (connections.size === 0) x.gap('no TLS connection was seen at any capture point');
    judgeCounters(x, claimed, connections);
    judgeSockets(x, claimed, connections);
    return x.conclude('counters and sockets', claimed === 'send' ? 'keys for what is sent' : 'keys for what is sent and received');
  },
};

/** The connections of the judged phase that carried data, between nodes and on one node, by their ends. */
function establishedConnections(x: Examination): ReadonlyMap<string, TlsConnection> {
  const found = new Map<string, TlsConnection>();
  for (const { record, tls } of x.facts.wire.captures)
    if (record.phase === 'encrypted') for (const connection of tls) if (connection.established) found.set(keyOf(connection), connection);
  return found;
}

/** The kernel counts each socket that gets keys, once for each direction. */
function judgeCounters(x: Examination, claimed: NonNullable<Intent['kernelTls']>, connections: ReadonlyMap<string, TlsConnection>): void {
  const [before, after] = (['before', 'after'] as const).map((snapshot) => {
    const all: KernelTlsCounter[] = [];
    for (const node of x.nodes(snapshot)) all.push(...(x.use(node.kernelTlsCounters) ?? []));
    return (pod: string, name: string): number | undefined => all.find((counter) => counter.pod === pod && counter.name === name)?.value;
  }) as [Counters, Counters];
  for (const { namespace, name, node, addresses } of x.facts.manifest.cluster.pods) {
    const pod = `${namespace}/${name}`;
    const grown = (counter: string): number => (after(pod, counter) ?? Number.NaN) - (before(pod, counter) ?? Number.NaN);
    const own = addresses.map(normalAddress);
    const ends = [...connections.values()].filter(({ client, server }) =>
      [client, server].some((address) => own.includes(normalAddress(address))),
    ).length;
    for (const direction of claimed === 'send' ? (['send'] as const) : (['send', 'receive'] as const)) {
      const keyed = KEYED[direction].reduce((sum, counter) => sum + grown(counter), 0);
      if (Number.isNaN(keyed))
        x.gap(`${pod}: the counters ${KEYED[direction].join(' and ')} of its network namespace were not read`, { node });
      else
        x.expect(
          keyed >= ends,
          `${pod}: ${ends} TLS connection(s) on the wire, and the kernel got keys for what ${direction === 'send' ? 'is sent' : 'is received'} on ${keyed} socket(s)`,
          { node },
        );
    }
    const refused = grown(REFUSED);
    if (Number.isNaN(refused)) x.gap(`${pod}: the counter ${REFUSED} of its network namespace was not read`, { node });
    else x.expect(refused === 0, `${pod}: the kernel could not decrypt ${refused} record(s) (${REFUSED})`, { node });
  }
}

type Counters = (pod: string, name: string) => number | undefined;

/** What the kernel says of each open connection is what the handshake on the wire agreed on. */
function judgeSockets(x: Examination, claimed: NonNullable<Intent['kernelTls']>, connections: ReadonlyMap<string, TlsConnection>): void {
  const seen: string[] = [];
  const shown = new Set<string>();
  for (const node of x.nodes('connected'))
    for (const socket of x.use(node.kernelTlsSockets) ?? []) {
      shown.add(socket.pod);
      seen.push(describe(socket));
      judgeSocket(x, claimed, socket, connections, node.node);
    }
  for (const { namespace, name, node } of x.facts.manifest.cluster.pods)
    if (!shown.has(`${namespace}/${name}`)) x.gap(`${namespace}/${name}: it had no open connection when the sockets were read`, { node });
  x.observe(tally(seen));
}

function judgeSocket(
  x: Examination,
  claimed: NonNullable<Intent['kernelTls']>,
  { pod, local, peer, tls }: KernelTlsSocket,
  connections: ReadonlyMap<string, TlsConnection>,
  node: string,
): void {
  const where = `${pod}: socket ${local} -> ${peer}`;
  const connection = connections.get(`${plain(local)} ${plain(peer)}`) ?? connections.get(`${plain(peer)} ${plain(local)}`);
  if (tls === null || tls.version === null) {
    x.fault(`${where}: the kernel has no keys of it, so the proxy makes the records`, { node });
    return;
  }
  x.expect(tls.send !== 'none', `${where}: the kernel has no keys for what is sent`, { node });
  if (claimed === 'send-and-receive') x.expect(tls.receive !== 'none', `${where}: the kernel has no keys for what is received`, { node });
  if (connection === undefined) {
    x.gap(`${where}: no capture shows the handshake of it`, { node });
    return;
  }
  const { version, suite } = connection;
  x.expect(tls.version === version, `${where}: the kernel has ${tls.version}, the handshake agreed on ${version}`, { node });
  const cipher = kernelCipherOf(suite ?? '');
  x.expect(tls.cipher === cipher, `${where}: the kernel has ${tls.cipher}, the handshake agreed on ${suite}`, { node });
}

const describe = ({ tls }: KernelTlsSocket): string =>
  tls === null || tls.version === null ? 'no keys' : `${tls.version} ${tls.cipher}, send ${tls.send}, receive ${tls.receive}`;

function keyOf({ client, clientPort, server, serverPort }: TlsConnection): string {
  return `${normalAddress(client)} ${clientPort} ${normalAddress(server)} ${serverPort}`;
}

/** `10.0.1.11:40000` or `[fd00::1]:40000` as an address and a port. */
function plain(end: string): string {
  const at = end.lastIndexOf(':');
  return `${normalAddress(end.slice(0, at).replace(/^\[|\]$/g, ''))} ${end.slice(at + 1)}`;
}
