import type { FaultStatement } from '../../harness/model/cluster.ts';
import { applyScript } from '../datapath/apply.ts';
import { cell } from '../datapath/faults/cells.ts';
import { newAuthority } from './authority.ts';
import { killScript, type MeshPod, POD_TABLE, type TlsContext } from './layout.ts';

/** A fault of a TLS mesh, made with real proxies and rules. */
export interface TlsFault extends FaultStatement {
  inject(context: TlsContext): Promise<void>;
}

const COMMON = { stack: 'mesh-tls', scenario: 'steady', like: '' } as const;
const HOUR_MS = 3_600_000;
/** The shapes of the mesh in which a fault is made. */
const [HBONE, HEADER] = [['hbone'], ['transport-header']];

/** Pods of the first node, and of the others. @throws RangeError where there is no pod on a second node */
function split({ pods }: TlsContext): { readonly first: readonly MeshPod[]; readonly others: readonly MeshPod[] } {
  const node = pods[0]?.node;
  const [first, others] = [pods.filter((pod) => pod.node === node), pods.filter((pod) => pod.node !== node)];
  if (first.length === 0 || others.length === 0) throw new RangeError('a fault of a TLS mesh needs pods on two nodes');
  return { first, others };
}

/** @throws RangeError where there is no pod on a second node */
function firstNode(context: TlsContext): string {
  return split(context).first[0]!.node;
}

const OFF: TlsFault = {
  ...COMMON,
  id: 'T01',
  what: 'the mesh is claimed, and no pod is enrolled',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-01 TLS-06 TLS-08 WIR-01 WIR-03 WIR-11 TLS-12', 'TLS-11 TLS-02 TLS-03 TLS-04 TLS-05')],
  why: 'there is no proxy: every request is answered, and readable',
  inject: async () => {},
};

const AROUND: TlsFault = {
  ...COMMON,
  id: 'T02',
  what: 'the pods of the first node send past their proxies, and the other pods take plaintext: one direction is clear',
  when: 'after-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-01 TLS-06 TLS-08 WIR-01 WIR-03 WIR-11 TLS-12')],
  why: 'requests of the first node are answered in the clear; those of the others are still in TLS',
  inject: async (context) => {
    const { first, others } = split(context);
    for (const { name } of first) await applyScript(context.pod(name), `nft delete chain ${POD_TABLE} outbound\n`, 'fault T02');
    for (const { name } of others) await applyScript(context.pod(name), `nft delete chain ${POD_TABLE} inbound\n`, 'fault T02');
  },
};

const PERMISSIVE: TlsFault = {
  ...COMMON,
  id: 'T03',
  what: 'the pods take plaintext too',
  when: 'after-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-06 WIR-01 WIR-03 WIR-11')],
  why: 'pods still send in TLS, but a node, which is not enrolled, is answered in the clear',
  inject: async (context) => {
    for (const { name } of context.pods) await applyScript(context.pod(name), `nft delete chain ${POD_TABLE} inbound\n`, 'fault T03');
  },
};

const STRANGE_DOMAIN: TlsFault = {
  ...COMMON,
  id: 'T04',
  what: 'the pods of the first node have identities of another trust domain, and nobody refuses them',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-04')],
  why: 'the root is the same, and proxies that do not compare the trust domain accept them; only the identities tell',
  inject: async (context) => {
    const { first } = split(context);
    await context.enrol(context.pods, { ...context.settings, trust: 'spiffe://' }, (pod) =>
      context.certificateOf(pod, first.includes(pod) ? { trustDomain: 'other.example' } : {}),
    );
  },
};

const EXPIRED: TlsFault = {
  ...COMMON,
  id: 'T05',
  what: 'the certificates of the first node have expired',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-05 TLS-01 TLS-08 WIR-03 WIR-11', 'TLS-04 WIR-01')],
  why: 'both sides verify the peer: no connection of these pods comes about, and nothing falls back to plaintext',
  inject: async (context) => {
    const { first } = split(context);
    await context.enrol(context.pods, context.settings, (pod) =>
      context.certificateOf(pod, first.includes(pod) ? { notAfter: new Date(Date.now() - HOUR_MS) } : {}),
    );
  },
};

const OLD_VERSION: TlsFault = {
  ...COMMON,
  id: 'T06',
  what: 'the proxies speak TLS 1.2 where TLS 1.3 is claimed',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-02')],
  why: 'everything is encrypted and every identity right; the version is not that of the profile',
  inject: (context) => context.enrol(context.pods, { ...context.settings, minVersion: '1.2', maxVersion: '1.2' }),
};

const NULL_SUITE: TlsFault = {
  ...COMMON,
  id: 'T07',
  what: 'the proxies agree on a cipher suite with the null cipher',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-01 TLS-02 TLS-08 WIR-01 WIR-03 WIR-11', 'TLS-03 TLS-04')],
  why: 'there is a handshake with certificates, and records whose content is plaintext (RFC 8422, TLS_ECDHE_ECDSA_WITH_NULL_SHA)',
  inject: (context) =>
    context.enrol(context.pods, { ...context.settings, minVersion: '1.2', maxVersion: '1.2', ciphers: 'eNULL:@SECLEVEL=0' }),
};

const OTHER_GROUP: TlsFault = {
  ...COMMON,
  id: 'T08',
  what: 'the proxies exchange keys in a group that the profile does not have',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-03')],
  why: 'version, suite and identities are right; the ServerHello names the group',
  inject: (context) => context.enrol(context.pods, { ...context.settings, groups: 'P-521' }),
};

const GONE: TlsFault = {
  ...COMMON,
  id: 'T09',
  what: 'the proxies of the first node are gone, and the redirection is left',
  when: 'after-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-01 TLS-08 WIR-03 WIR-11', 'TLS-11 TLS-02 TLS-03 TLS-04')],
  why: 'what is redirected finds nobody, and what comes in is refused: requests are lost, and none falls back to plaintext, so WIR-01 stays green',
  inject: async (context) => {
    const { first } = split(context);
    await applyScript(context.host(first[0]!.node), killScript(first[0]!.node), 'fault T09');
  },
};

const RENEWED_BY_STRANGER: TlsFault = {
  ...COMMON,
  id: 'T10',
  what: 'the renewed certificates of the first node are from an authority that the other proxies do not trust',
  when: 'scenario',
  scenario: 'rotation',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-07 ROT-03')],
  why: 'every handshake of these proxies fails from then on, at both ends: requests are lost, and none is readable',
  inject: async (context) => {
    context.renewal.strangers.set(firstNode(context), newAuthority());
  },
};

const NOT_RENEWED: TlsFault = {
  ...COMMON,
  id: 'T11',
  what: 'the proxies of the first node do not take their renewed certificates',
  when: 'scenario',
  scenario: 'rotation',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-07')],
  why: 'the old certificates are valid for a day: nothing is lost, and only the certificates tell that the day will end badly',
  inject: async (context) => {
    context.renewal.forgotten.add(firstNode(context));
  },
};

const RENEWED_BY_RESTART: TlsFault = {
  ...COMMON,
  id: 'T12',
  what: 'the proxies of the first node take their renewed certificates by a restart, and are off for a second',
  when: 'scenario',
  scenario: 'rotation',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'ROT-03')],
  why: 'what is redirected finds nobody meanwhile: requests are lost, none is readable, and the certificates at the end are right',
  inject: async (context) => {
    context.renewal.restarted.add(firstNode(context));
  },
};

const NOT_ENROLLED: TlsFault = {
  ...COMMON,
  id: 'T13',
  what: 'the first pod is not enrolled, and the others send to it and take from it in plaintext',
  when: 'after-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-01 TLS-05 TLS-06 TLS-08 WIR-01 WIR-03 WIR-11 TLS-12', 'TLS-11 TLS-02 TLS-03 TLS-04')],
  why: 'its TCP is readable in both directions, between nodes and on its own; every other flow is in TLS; its proxy, which should have a certificate, does not exist',
  inject: async (context) => {
    const [first, ...others] = context.pods;
    if (first === undefined) throw new RangeError('the cluster has no pod');
    await context.withdraw([first]);
    for (const pod of others) await context.redirect(pod, [first]);
  },
};

const GREETED: TlsFault = {
  ...COMMON,
  id: 'T14',
  what: 'every connection of the mesh begins with a line in the clear and is upgraded to TLS then (STARTTLS)',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-01 TLS-08 WIR-01 WIR-11', 'TLS-11 TLS-02 TLS-03 TLS-04 WIR-03')],
  why: 'no application data is readable, but a connection that begins in the clear can be kept in the clear by anybody on the way (RFC 9325, section 3.2), so no frame of it counts as TLS',
  inject: (context) => context.enrol(context.pods, { ...context.settings, clear: 'before' }),
};

const LEFT_AFTER_HANDSHAKE: TlsFault = {
  ...COMMON,
  id: 'T15',
  what: 'the proxies shake hands, and send what follows in the clear on the same connection',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-01 TLS-08 WIR-01 WIR-03 WIR-11')],
  why: 'version, suite and identities are right, and the requests are readable: only the sequence of records shows it',
  inject: (context) => context.enrol(context.pods, { ...context.settings, clear: 'after' }),
};

const PAST_ON_NODE: TlsFault = {
  ...COMMON,
  id: 'T16',
  what: 'pods of one node send to each other past their proxies',
  when: 'after-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-08 WIR-11')],
  why: 'nothing of it reaches the wire between the nodes, where everything is in TLS; the host sides of the pods show it',
  inject: async (context) => {
    for (const pod of context.pods)
      await context.redirect(
        pod,
        context.pods.filter((other) => other !== pod && other.node === pod.node),
      );
  },
};

const REDIRECTION_LOST: TlsFault = {
  ...COMMON,
  id: 'T17',
  what: 'the last node comes back from a hard restart without the redirection of its pods, and the other pods take plaintext',
  like: 'istio #60882',
  when: 'scenario',
  scenario: 'node-restart',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'LIF-07 TLS-01 TLS-06 TLS-08 WIR-01 WIR-03 WIR-11 TLS-12')],
  why: 'its proxies run and have certificates, so the others still send to it in TLS; what its pods send is readable, and what they are sent in plaintext is answered',
  inject: async (context) => {
    const node = context.views.at(-1)!.self.name;
    context.course.unredirected.add(node);
    for (const { name } of context.pods.filter((pod) => pod.node !== node))
      await applyScript(context.pod(name), `nft delete chain ${POD_TABLE} inbound\n`, 'fault T17');
  },
};

const RULES_LEFT: TlsFault = {
  ...COMMON,
  id: 'T18',
  what: 'the mesh is turned off, and the pods of the first node keep its redirection',
  when: 'scenario',
  scenario: 'disable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'LIF-04')],
  why: 'what is redirected finds nobody any more, and what comes in is refused: a black hole, of which no capture and no proxy tells',
  inject: async (context) => {
    context.course.keepsRules.add(firstNode(context));
  },
};

const IN_USER_SPACE: TlsFault = {
  ...COMMON,
  id: 'T19',
  what: 'TLS by the kernel is claimed, and the proxies of the first node make the records themselves',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'tls', kernelTls: true }, 'TLS-09')],
  why: 'everything is in TLS with the right version, suite and identities: only the counters and the sockets of the kernel tell',
  inject: async (context) => {
    const { first, others } = split(context);
    const { kernel: _, ...inUserSpace } = context.settings;
    await context.enrol(first, inUserSpace);
    await context.enrol(others);
  },
};

/** Bytes of a record of TLS 1.3 with an alert: header, level and description, content type, tag of AES-GCM. */
const ALERT_BYTES = 5 + 2 + 1 + 16;
/** Headers of IPv4 and of TCP with its timestamps. */
const [IPV4_BYTES, TCP_BYTES] = [20, 32];

const CHANGED_ON_THE_WAY: TlsFault = {
  ...COMMON,
  id: 'T20',
  what: 'a byte is changed on the way in the last record of each connection that the first pod opens',
  when: 'after-enable',
  cells: [cell({ mode: 'tls', kernelTls: true }, 'TLS-09')],
  why: 'the record is a close_notify, so every request is answered before; the kernel of the other pod finds that its tag is wrong (TlsDecryptError)',
  inject: async (context) => {
    const [pod] = context.pods;
    if (pod === undefined) throw new RangeError('the cluster has no pod');
    const body = 8 * (TCP_BYTES + 5);
    const script = [
      `nft add chain ${POD_TABLE} changed '{ type filter hook output priority 10 ; }'`,
      `nft add rule ${POD_TABLE} changed tcp dport ${context.tls.port.value} meta length ${IPV4_BYTES + TCP_BYTES + ALERT_BYTES} @th,${8 * TCP_BYTES},8 0x17 @th,${body},8 set 0x0`,
    ];
    await applyScript(context.pod(pod.name), `${script.join('\n')}\n`, 'fault T20');
  },
};

const OTHER_PROTOCOL: TlsFault = {
  ...COMMON,
  id: 'T24',
  what: 'the proxies offer and take another application protocol than that of the mesh',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'tls', profiles: HBONE }, 'TLS-11')],
  why: 'everything is encrypted and every identity right; the ClientHello names the protocol (ALPN)',
  inject: (context) => context.enrol(context.pods, { ...context.settings, alpn: 'http/1.1' }),
};

const OTHER_NAME: TlsFault = {
  ...COMMON,
  id: 'T25',
  what: 'the proxies ask for the identity of the first pod, whichever they connect to, and take any',
  when: 'instead-of-enable',
  cells: [cell({ mode: 'tls', profiles: HEADER }, 'TLS-11')],
  why: 'the answer is of the right pod, and the logs say so, but a proxy that compares no name would take another one too; the ClientHello has the name (SNI)',
  inject: async (context) => {
    const [asksFor] = context.pods;
    await context.enrol(context.pods, { ...context.settings, ...(asksFor === undefined ? {} : { asksFor }) });
  },
};

const AROUND_PERMISSIVE: TlsFault = {
  ...COMMON,
  id: 'T26',
  what: 'the pods of the first node send past their proxies, in a mesh whose pods take plaintext by default: one direction is clear',
  when: 'after-enable',
  cells: [cell({ mode: 'tls', profiles: HEADER }, 'TLS-01 TLS-08 TLS-12 WIR-01 WIR-03 WIR-11')],
  why: 'nothing else has to go wrong: the other pods answer in the clear; requests of the others are still in TLS',
  inject: async (context) => {
    for (const { name } of split(context).first)
      await applyScript(context.pod(name), `nft delete chain ${POD_TABLE} outbound\n`, 'fault T26');
  },
};

/** Every fault that a TLS mesh can have in the lab, by id. */
export const TLS_FAULTS: readonly TlsFault[] = [
  ...[OFF, AROUND, PERMISSIVE, STRANGE_DOMAIN, EXPIRED],
  ...[OLD_VERSION, NULL_SUITE, OTHER_GROUP, GONE],
  ...[RENEWED_BY_STRANGER, NOT_RENEWED, RENEWED_BY_RESTART, NOT_ENROLLED, GREETED, LEFT_AFTER_HANDSHAKE, PAST_ON_NODE],
  ...[REDIRECTION_LOST, RULES_LEFT, IN_USER_SPACE, CHANGED_ON_THE_WAY],
  ...[OTHER_PROTOCOL, OTHER_NAME, AROUND_PERMISSIVE],
];
