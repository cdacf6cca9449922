import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const IPCACHE = { node: 'node1', collector: 'ipcache' } as const;

export const ipcache: AttackTopic = {
  topic: 'ipcache',
  root: 'what the agent of a node knows of the pods of other nodes is read, and not compared with the pods that there are',
  manipulations: [
    {
      id: 'ipcache-key',
      what: 'the agent of node1 knows no key for a remote pod, or another one: it sends to it in the clear',
      on: BOTH,
      variants: ['10.0.2.11/32 0', '10.0.2.12/32 0', '10.0.2.11/32 9', '10.0.2.13/32 255255'],
      turns: ['CFG-08'],
      edit: (draft, variant) => {
        const [prefix = '', key = ''] = variant.split(' ');
        draft.output(IPCACHE, (text) => text.replace(new RegExp(`^(${prefix.replaceAll('.', '\\.')} .*encryptkey=)\\d+`, 'm'), `$1${key}`));
      },
    },
    {
      id: 'ipcache-range',
      what: 'the agent of node1 knows no key for the pods of node2 that it has not met yet, and the tunnel is not encrypted as a whole',
      on: ['ipsec-1.17', 'wireguard-native'],
      turns: ['CFG-08'],
      edit: (draft) =>
        draft.output(IPCACHE, (text) => `${text}10.0.2.0/24         identity=2 encryptkey=0 tunnelendpoint=172.18.0.2 flags=hastunnel\n`),
    },
    {
      id: 'ipcache-missing',
      what: 'the agent of node1 does not know a remote pod: it treats it as an address outside the cluster',
      on: BOTH,
      variants: ['10.0.2.11/32'],
      turns: ['CFG-08'],
      edit: (draft, prefix) =>
        draft.output(IPCACHE, (text) => text.replace(new RegExp(`^(${prefix.replaceAll('.', '\\.')}|10\\.0\\.2\\.0/24) .*\\n`, 'gm'), '')),
    },
    {
      id: 'ipcache-tunnel',
      what: 'the agent of node1 sends packets for a remote pod to another node, or past the tunnel',
      on: ['ipsec-1.18', 'wireguard'],
      variants: ['0.0.0.0', '172.18.0.99'],
      turns: ['CFG-08'],
      edit: (draft, endpoint) =>
        draft.output(IPCACHE, (text) => text.replace(/^(10\.0\.2\.11\/32 .*tunnelendpoint=)\S+/m, `$1${endpoint}`)),
    },
    {
      id: 'ipcache-identity',
      what: 'the agent of node1 treats a remote pod as an address outside the cluster, or as another workload than the pod’s own node does',
      on: BOTH,
      variants: ['2', '77'],
      turns: ['CFG-08'],
      edit: (draft, identity) => draft.output(IPCACHE, (text) => text.replace(/^(10\.0\.2\.11\/32 .*identity=)\d+/m, `$1${identity}`)),
    },
    {
      id: 'ipcache-specific',
      what: 'the agent of node1 has a more specific entry without a key',
      on: BOTH,
      turns: ['CFG-08'],
      edit: (draft) =>
        draft.output(IPCACHE, (text) => `${text}10.0.2.128/25       identity=2 encryptkey=0 tunnelendpoint=172.18.0.2 flags=hastunnel\n`),
    },
    {
      id: 'ipcache-garbage',
      what: 'the ipcache was not printed, or not whole',
      on: BOTH,
      variants: ['', 'Error: cannot connect to agent\n', 'cut'],
      turns: ['CFG-08'],
      edit: (draft, text) => draft.output(IPCACHE, (old) => (text === 'cut' ? old.slice(0, old.indexOf('10.0.2.11/32') + 30) : text)),
    },
  ],
};
