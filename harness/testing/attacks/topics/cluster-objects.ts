import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import type { RecordingDraft } from '../draft.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const NODES = { node: null, collector: 'cilium-nodes' } as const;

/** Edit the object of one node in the list. */
function object(draft: RecordingDraft, name: string, change: (text: string) => string | null): void {
  draft.output(NODES, (text) =>
    text
      .split(/^(?= {2}- apiVersion)|^(?=kind: List)/m)
      .map((part) => (part.includes(`\n      name: ${name}\n`) || part.includes(`name: ${name}\n    spec`) ? (change(part) ?? '') : part))
      .join(''),
  );
}

const PUBLISHED = ['PRE-06'];

export const clusterObjects: AttackTopic = {
  topic: 'cluster-objects',
  root: 'what the cluster says of itself is recorded and decoded, and not compared with what was judged',
  manipulations: [
    {
      id: 'key',
      what: 'a CiliumNode publishes another key id: 0 tells every other node to send to it in the clear',
      on: BOTH,
      variants: ['0', '1', '7', '15'],
      turns: PUBLISHED,
      edit: (draft, key) => object(draft, 'node2', (text) => text.replace(/^( {8}key: )\d+$/m, `$1${key}`)),
    },
    {
      id: 'key-after',
      what: 'a CiliumNode publishes key id 0 once the traffic has ended',
      on: BOTH,
      turns: PUBLISHED,
      edit: (draft) => draft.replace({ ...NODES, snapshot: 'after' }, /^ {8}key: \d+$/m, '        key: 0'),
    },
    {
      id: 'no-key',
      what: 'a CiliumNode publishes no key id: other nodes send to it in the clear',
      on: BOTH,
      turns: PUBLISHED,
      edit: (draft) => object(draft, 'node2', (text) => text.replace(/ {6}encryption:\n {8}key: \d+\n/, '')),
    },
    {
      id: 'missing',
      what: 'a node that was judged has no CiliumNode object',
      on: BOTH,
      turns: PUBLISHED,
      edit: (draft) => object(draft, 'node2', () => null),
    },
    {
      id: 'one-more',
      what: 'the cluster has a node that nobody looked at',
      on: BOTH,
      turns: PUBLISHED,
      edit: (draft) =>
        object(
          draft,
          'node2',
          (text) => `${text}${text.replaceAll('node2', 'node9').replaceAll('172.18.0.2', '172.18.0.9').replaceAll('10.0.2.', '10.0.9.')}`,
        ),
    },
    {
      id: 'second-cidr',
      what: 'a node has a second pod CIDR (multi-pool), for which there is no policy and no peer',
      on: BOTH,
      variants: ['10.0.77.0/24', '192.168.64.0/26', 'fd00:77::/64'],
      turns: PUBLISHED,
      edit: (draft, cidr) => object(draft, 'node2', (text) => text.replace(/( {8}podCIDRs:\n)/, `$1          - ${cidr}\n`)),
    },
    {
      id: 'pool-cidr',
      what: 'a node has a further pool of pod addresses, for which there is no policy and no peer',
      on: BOTH,
      turns: PUBLISHED,
      edit: (draft) =>
        object(draft, 'node2', (text) =>
          text.replace(
            / {8}pools: \{\}\n/,
            '        pools:\n          allocated:\n            - pool: mars\n              cidrs:\n                - 10.0.77.0/24\n',
          ),
        ),
    },
    {
      id: 'other-cidr',
      what: 'a node has another pod CIDR than the recorder looked at',
      on: BOTH,
      turns: PUBLISHED,
      edit: (draft) => object(draft, 'node2', (text) => text.replace('- 10.0.2.0/24', '- 10.0.77.0/24')),
    },
    {
      id: 'second-address',
      what: 'a node has a second address, by which its pods can be reached around the tunnel',
      on: BOTH,
      variants: ['192.0.2.2', '2001:db8::2'],
      turns: PUBLISHED,
      edit: (draft, ip) =>
        object(draft, 'node2', (text) => text.replace(/( {6}addresses:\n)/, `$1        - ip: ${ip}\n          type: InternalIP\n`)),
    },
    {
      id: 'other-address',
      what: 'a node has another address than the one whose traffic was captured',
      on: BOTH,
      turns: PUBLISHED,
      edit: (draft) => object(draft, 'node2', (text) => text.replace('ip: 172.18.0.2', 'ip: 172.18.0.99')),
    },
    {
      id: 'other-router',
      what: 'a node has another cilium_host address than its SAs end at',
      on: BOTH,
      turns: PUBLISHED,
      edit: (draft) => object(draft, 'node2', (text) => text.replace('ip: 10.0.2.1', 'ip: 10.0.2.99')),
    },
    {
      id: 'boot-id',
      what: 'a node published another boot id than the one that keys were derived from',
      on: ['ipsec-1.17', 'ipsec-1.18'],
      turns: ['PRE-06'],
      edit: (draft) => object(draft, 'node2', (text) => text.replace(/bootid: \S+/, 'bootid: 00000000-0000-4000-8000-000000000000')),
    },
    {
      id: 'field-gone',
      what: 'a CiliumNode does not say what all others say: its pod CIDR, its boot id, or which of its addresses is the internal one',
      on: BOTH,
      variants: ['podCIDRs', 'bootid', 'type'],
      turns: PUBLISHED,
      edit: (draft, field) =>
        object(draft, 'node2', (text) =>
          field === 'type' ? text.replace('type: InternalIP', 'type: Hostname') : text.replace(`${field}:`, `${field}x:`),
        ),
    },
    {
      id: 'pod-elsewhere',
      what: 'a pod is listed on a node that the cluster does not have, or on another node than its flows',
      on: BOTH,
      variants: ['node9', 'node1'],
      turns: ['EVI-02'],
      edit: (draft, node) => {
        for (const pod of draft.manifest.cluster.pods.filter((each) => each.node === 'node2').slice(0, 1)) pod.node = node;
      },
    },
    {
      id: 'flow-elsewhere',
      what: 'a flow is listed from another node than its pod is on',
      on: BOTH,
      turns: ['EVI-02'],
      edit: (draft) => {
        for (const flow of draft.manifest.traffic.filter(({ path }) => path === 'pod-pod').slice(0, 1)) flow.source.node = 'node9';
      },
    },
    {
      id: 'public-key',
      what: 'a node publishes another WireGuard key than its device has, or none',
      on: ['wireguard', 'wireguard-native'],
      variants: ['another', 'none', 'that of the other node'],
      turns: ['WGD-03'],
      edit: (draft, which) =>
        object(draft, 'node2', (text) => {
          if (which === 'none') return text.replace(/.*wg-pub-key.*\n/, '');
          const [, first = ''] = /wg-pub-key: (\S+)/.exec(draft.text(draft.commands(NODES)[0]?.stdout ?? '')) ?? [];
          return text.replace(
            /wg-pub-key: \S+/,
            `wg-pub-key: ${which === 'another' ? 'c3RyYW5nZXIgc3RyYW5nZXIgc3RyYW5nZXIgc3RyYWE=' : first}`,
          );
        }),
    },
    {
      id: 'other-cluster',
      what: 'the objects are those of another cluster',
      on: BOTH,
      turns: PUBLISHED,
      edit: (draft) =>
        draft.output(NODES, (text) =>
          text.replaceAll('node1', 'worker-a').replaceAll('node2', 'worker-b').replaceAll('172.18.0', '192.0.2'),
        ),
    },
    {
      id: 'twice',
      what: 'one node is in the list twice, once with key id 0',
      on: BOTH,
      turns: PUBLISHED,
      edit: (draft) => object(draft, 'node2', (text) => `${text}${text.replace(/^ {8}key: \d+$/m, '        key: 0')}`),
    },
    {
      id: 'nothing',
      what: 'the list of nodes is empty, cut, or no list at all, with exit code 0',
      on: BOTH,
      variants: [
        '',
        'apiVersion: v1\nitems: []\nkind: List\n',
        'error: the server could not find the requested resource\n',
        '{"kind":"Status","status":"Failure"}\n',
        '[1, 2\n',
      ],
      turns: PUBLISHED,
      edit: (draft, text) => draft.output(NODES, () => text),
    },
    {
      id: 'cut',
      what: 'the list of nodes ends inside an object, with exit code 0',
      on: BOTH,
      variants: ['in the second node', 'behind the first node'],
      turns: PUBLISHED,
      edit: (draft, where) =>
        draft.output(NODES, (text) => {
          const second = text.lastIndexOf('  - apiVersion');
          return text.slice(
            0,
            { 'in the second node': second + 120, 'behind the first node': second }[where] ?? text.indexOf('kind: List'),
          );
        }),
    },
    {
      id: 'failed',
      what: 'the nodes of the cluster could not be listed',
      on: BOTH,
      variants: ['before', 'after', 'both'],
      turns: PUBLISHED,
      edit: (draft, when) =>
        draft.fail(when === 'both' ? NODES : { ...NODES, snapshot: when === 'before' ? 'before' : 'after' }, 'error: connection refused'),
    },
    {
      id: 'forgotten',
      what: 'the nodes of the cluster were not read',
      on: BOTH,
      turns: PUBLISHED,
      edit: (draft) => draft.forget(NODES),
    },
    {
      id: 'unnamed-node',
      what: 'the recording judges one node of two: the other is in the cluster’s own list',
      on: ['ipsec-three-nodes'],
      turns: ['PRE-06'],
      edit: (draft) => {
        const gone = draft.manifest.cluster.nodes.pop();
        draft.manifest.cluster.pods = draft.manifest.cluster.pods.filter((pod) => pod.node !== gone?.name);
      },
    },
  ],
};
