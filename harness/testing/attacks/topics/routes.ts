import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { addLine, dropLines, putFirst } from '../blocks.ts';

const IPSEC: readonly BaseName[] = ['ipsec-1.17', 'ipsec-1.18'];
const _RULE = { node: 'node1', collector: 'ip-rule' } as const;
const TABLE = { node: 'node1', collector: 'ip-route-200' } as const;
const MAIN = { node: 'node1', collector: 'ip-route' } as const;
const GET = { node: 'node1', collector: 'ip-route-get' } as const;

const OWN = /^local 10\.0\.1\.0\/24/;
const REMOTE = /^10\.0\.2\.0\/24/;

/** Routes of table 200 that stand beside the right ones. */
const BESIDE = [
  '10.0.2.11 dev eth0 scope link ',
  '10.0.2.0/25 via 172.18.0.2 dev eth0 ',
  'throw 10.0.2.0/25 ',
  'unreachable 10.0.2.11 ',
  'local 10.0.2.13 dev lo proto kernel scope host ',
  'default via 172.18.0.254 dev eth0 ',
  'blackhole 10.0.1.128/25 ',
  '10.0.1.11 dev eth0 scope link ',
];

/** Routes by which packets to remote pods go around the tunnel. */
const AROUND = [
  '10.0.2.11 via 172.18.0.2 dev eth0 ',
  '10.0.2.0/25 via 172.18.0.2 dev eth0 proto static ',
  '10.0.2.0/24 via 172.18.0.2 dev eth1 metric 50 ',
  '10.0.2.0/24 metric 5 \n\tnexthop via 172.18.0.2 dev eth0 weight 1 \n\tnexthop dev cilium_host weight 1 ',
  '10.0.2.13 via 172.18.0.2 dev eth0 onlink ',
];

export const routes: AttackTopic = {
  topic: 'routes',
  root: 'a route is looked for among those there are, and what else is beside it or in it is not checked',
  manipulations: [
    {
      id: 'table-empty',
      what: 'table 200 is empty in both readings',
      on: IPSEC,
      turns: ['RUL-02'],
      edit: (draft) => draft.output(TABLE, () => ''),
    },
    {
      id: 'table-missing',
      what: 'table 200 lacks a route in both readings',
      on: IPSEC,
      variants: ['own pods', 'remote pods'],
      turns: ['RUL-02'],
      edit: (draft, which) => draft.output(TABLE, dropLines(which === 'own pods' ? OWN : REMOTE)),
    },
    {
      id: 'table-route',
      what: 'the route to the remote pods in table 200 leads elsewhere',
      on: ['ipsec-1.17'],
      variants: [
        '10.0.2.0/24 dev eth0 ',
        'throw 10.0.2.0/24 ',
        'blackhole 10.0.2.0/24 ',
        'prohibit 10.0.2.0/24 ',
        '10.0.2.0/24 via 172.18.0.2 dev eth0 ',
        'local 10.0.2.0/24 dev lo ',
      ],
      turns: ['RUL-02'],
      edit: (draft, line) => draft.output(TABLE, (text) => text.replace(/^10\.0\.2\.0\/24.*$/m, line)),
    },
    {
      id: 'table-own-route',
      what: 'the route to the own pods in table 200 leads elsewhere',
      on: ['ipsec-1.18'],
      variants: [
        'local 10.0.1.0/24 dev lo ',
        '10.0.1.0/24 dev eth0 ',
        'blackhole 10.0.1.0/24 ',
        'local 10.0.1.0/25 dev cilium_vxlan proto kernel scope host ',
      ],
      turns: ['RUL-02'],
      edit: (draft, line) => draft.output(TABLE, (text) => text.replace(/^local 10\.0\.1\.0\/24.*$/m, line)),
    },
    {
      id: 'table-beside',
      what: 'table 200 has a further route: the more specific one wins',
      on: ['ipsec-1.17'],
      variants: BESIDE,
      turns: ['RUL-02'],
      edit: (draft, line) => draft.output(TABLE, addLine(line)),
    },
    {
      id: 'table-cut',
      what: 'the listing of table 200 ends in mid-line, with exit code 0',
      on: ['ipsec-1.17'],
      variants: ['behind the address', 'behind dev', 'in the device'],
      turns: ['RUL-02'],
      edit: (draft, where) =>
        draft.output(TABLE, (text) => {
          const last = text.indexOf('10.0.2.0/24');
          return text.slice(0, last + { 'behind the address': 11, 'behind dev': 15, 'in the device': 22 }[where as 'in the device']);
        }),
    },
    {
      id: 'around',
      what: 'a route leads packets to remote pods by the uplink, around the tunnel',
      on: ['ipsec-1.17', 'wireguard'],
      variants: AROUND,
      turns: ['RUL-03'],
      edit: (draft, line) => draft.output(MAIN, putFirst(line)),
    },
    {
      id: 'routes-cut',
      what: 'the listing of routes ends in mid-line, with exit code 0: the rest is not known',
      on: [...IPSEC, 'wireguard', 'wireguard-native'],
      turns: ['RUL-03'],
      edit: (draft) => draft.output(MAIN, (text) => text.slice(0, text.indexOf('10.0.2.0/24 via') + 14)),
    },
    {
      id: 'routes-cut-early',
      what: 'the listing of routes ends before the routes of remote pods',
      on: [...IPSEC, 'wireguard', 'wireguard-native'],
      turns: ['RUL-03'],
      edit: (draft) => draft.output(MAIN, (text) => text.slice(0, text.indexOf('10.0.1.11 '))),
    },
    {
      id: 'routes-empty',
      what: 'no route was printed, with exit code 0',
      on: [...IPSEC, 'wireguard'],
      turns: ['RUL-03'],
      edit: (draft) => draft.output(MAIN, () => ''),
    },
    {
      id: 'get-other',
      what: 'the kernel was asked for one remote pod and the answer is of another address',
      on: ['ipsec-1.17', 'wireguard'],
      variants: ['10.0.1.11', '10.0.2.99', '192.0.2.1'],
      turns: ['RUL-03'],
      edit: (draft, address) => draft.output(GET, (text) => text.replace(/^10\.0\.2\.\d+/, address)),
    },
    {
      id: 'get-device',
      what: 'the kernel would send packets for a remote pod by another device',
      on: ['ipsec-1.17', 'wireguard'],
      variants: ['eth0', 'lo', 'docker0', 'cilium_net'],
      turns: ['RUL-03'],
      edit: (draft, device) => draft.output(GET, (text) => text.replace('dev cilium_host', `dev ${device}`)),
    },
    {
      id: 'get-unreachable',
      what: 'the kernel has no route to a remote pod',
      on: ['ipsec-1.17', 'wireguard'],
      variants: ['unreachable', 'blackhole', 'prohibit', 'local'],
      turns: ['RUL-03'],
      edit: (draft, type) => draft.output(GET, (text) => `${type} ${text}`),
    },
    {
      id: 'get-mark',
      what: 'the kernel was asked without the mark that packets to encrypt have: the answer is that of other packets',
      on: IPSEC,
      turns: ['RUL-03'],
      edit: (draft) => {
        for (const command of draft.commands(GET)) command.argv = command.argv.filter((word) => word !== 'mark' && word !== '0xe00');
        draft.replace(GET, / table 200| mark 0xe00/g, '');
      },
    },
    {
      id: 'get-answer-mark',
      what: 'the kernel answered for packets with another mark than it was asked for',
      on: ['ipsec-1.17', 'wireguard'],
      turns: ['RUL-03'],
      edit: (draft) => draft.replace({ collector: 'ip-route-get', node: 'node2' }, /mark 0xe00/, 'mark 0xf00'),
    },
    {
      id: 'get-forgotten',
      what: 'node1 was not asked for the route to a remote pod',
      on: [...IPSEC, 'wireguard'],
      turns: ['RUL-03'],
      edit: (draft) => draft.forget(GET),
    },
  ],
};
