import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { dropLines, putFirst } from '../blocks.ts';
import type { RecordingDraft } from '../draft.ts';

const IPSEC: readonly BaseName[] = ['ipsec-1.17', 'ipsec-1.18'];
const RULE = { node: 'node1', collector: 'ip-rule' } as const;
const _TABLE = { node: 'node1', collector: 'ip-route-200' } as const;
const MAIN = { node: 'node1', collector: 'ip-route' } as const;
const _GET = { node: 'node1', collector: 'ip-route-get' } as const;

/** Conditions that make a rule hold for a part of the packets. */
const CONDITIONS: Readonly<Record<string, readonly [from: RegExp, to: string]>> = {
  'from one pod': [/from all/, 'from 10.0.1.11'],
  'from one network': [/from all/, 'from 10.0.9.0/24'],
  'to one network': [/from all fwmark/, 'from all to 10.0.9.0/24 fwmark'],
  'in by one device': [/ lookup/, ' iif eth1 lookup'],
  'out by one device': [/ lookup/, ' oif eth1 lookup'],
  'of one protocol': [/ lookup/, ' ipproto udp lookup'],
  'of one port': [/ lookup/, ' ipproto tcp dport 443 lookup'],
  'of one source port': [/ lookup/, ' ipproto tcp sport 443 lookup'],
  'of one user': [/ lookup/, ' uidrange 1000-1000 lookup'],
  'of one type of service': [/from all/, 'from all tos 0x10'],
  'of one tunnel': [/ lookup/, ' tun_id 7 lookup'],
  'of all other packets': [/from all/, 'not from all'],
  'with short prefixes suppressed': [/$/, ' suppress_prefixlength 0'],
  'without a device': [/$/, ' [detached]'],
};

/** Rules that are asked before Cilium's. */
const OVERRULING = [
  '0:\tfrom all fwmark 0xe00/0xf00 lookup main',
  '0:\tfrom all lookup main',
  '0:\tfrom 10.0.1.0/24 lookup main',
  '0:\tfrom all to 10.0.2.0/24 lookup 100',
  '0:\tfrom all iif lxc8cd55ce86ef3 lookup main',
  '0:\tfrom all fwmark 0xd00/0xf00 lookup main',
  '0:\tfrom all ipproto udp lookup main',
  '0:\tfrom all goto 32766',
  '0:\tfrom all fwmark 0xe00/0xf00 blackhole',
  '1:\tfrom all fwmark 0xe00/0xff00 lookup main',
];

/** The rule for packets to encrypt (0xe00) or for decrypted ones (0xd00). */
const rule = (mark: string) => new RegExp(`^1:\\tfrom all fwmark ${mark}/0xf00 lookup 200$`, 'm');

function conditional(mark: string, what: string, on: readonly BaseName[]) {
  return {
    id: `condition-${mark.slice(2)}`,
    what: `the rule for ${what} holds for a part of them only`,
    on,
    variants: Object.keys(CONDITIONS),
    turns: ['RUL-01'],
    edit: (draft: RecordingDraft, name: string) => {
      const [from, to] = CONDITIONS[name] ?? [/^$/, ''];
      draft.output(RULE, (text) => text.replace(rule(mark), (line) => line.replace(from, to)));
    },
  };
}

export const rules: AttackTopic = {
  topic: 'rules',
  root: 'a rule is looked for among those there are, and what else is before it or in it is not checked',
  manipulations: [
    conditional('0xe00', 'packets to encrypt', ['ipsec-1.17']),
    conditional('0xd00', 'decrypted packets', ['ipsec-1.18']),
    {
      id: 'overruled',
      what: 'a rule at a lower priority number is asked before those of Cilium and leads packets elsewhere',
      on: ['ipsec-1.17'],
      variants: OVERRULING,
      turns: ['RUL-01'],
      edit: (draft, line) => draft.output(RULE, putFirst(line)),
    },
    {
      id: 'overruled-wireguard',
      what: 'a rule at a low priority number leads packets of pods to a table of its own, and that around WireGuard',
      on: ['wireguard', 'wireguard-native'],
      variants: ['0:\tfrom all to 10.0.2.0/24 lookup 100', '5:\tfrom 10.0.1.0/24 lookup 100', '0:\tfrom all fwmark 0xe00/0xf00 lookup 100'],
      turns: ['RUL-03'],
      edit: (draft, line) => {
        draft.output(RULE, putFirst(line));
        draft.output(MAIN, putFirst('10.0.2.0/24 via 172.18.0.2 dev eth1 table 100 '));
      },
    },
    {
      id: 'missing-rule',
      what: 'node1 lacks the rule in both readings',
      on: IPSEC,
      variants: ['0xe00', '0xd00'],
      turns: ['RUL-01'],
      edit: (draft, mark) => draft.output(RULE, dropLines(rule(mark))),
    },
    {
      id: 'rule-table',
      what: 'the rule leads to another table, or lets the packet fall through',
      on: ['ipsec-1.18'],
      variants: ['lookup 201', 'lookup main', 'goto 32766', 'nop', 'blackhole'],
      turns: ['RUL-01'],
      edit: (draft, action) => draft.output(RULE, (text) => text.replace(rule('0xe00'), (line) => line.replace('lookup 200', action))),
    },
    {
      id: 'rule-mark',
      what: 'the rule asks for another mark than the one packets have',
      on: ['ipsec-1.18'],
      variants: ['0xe00/0xff00', '0xe00', '0xe01/0xf0f', '0x0/0x0'],
      turns: ['RUL-01'],
      edit: (draft, mark) => draft.output(RULE, (text) => text.replace(rule('0xe00'), (line) => line.replace('0xe00/0xf00', mark))),
    },
    {
      id: 'late-rule',
      what: 'the rule is asked behind the main table, which knows every address',
      on: ['ipsec-1.18'],
      variants: ['150', '32766', '40000'],
      turns: ['RUL-01'],
      edit: (draft, priority) => draft.output(RULE, (text) => text.replace(rule('0xe00'), (line) => line.replace('1:', `${priority}:`))),
    },
    {
      id: 'rules-cut',
      what: 'the listing of rules ends early or is empty, with exit code 0',
      on: ['ipsec-1.17'],
      variants: ['after the first rule', 'inside the second rule', 'empty'],
      turns: ['RUL-01'],
      edit: (draft, where) =>
        draft.output(RULE, (text) => {
          if (where === 'empty') return '';
          const second = text.indexOf('\n') + 1;
          return text.slice(0, where === 'after the first rule' ? second : second + 25);
        }),
    },
    {
      id: 'rules-without-end',
      what: 'the listing of rules ends before the main table, which every kernel has: it was cut at the end of a line',
      on: [...IPSEC, 'wireguard'],
      turns: { ipsec: ['RUL-01'], wireguard: ['RUL-03'] },
      edit: (draft) => draft.output(RULE, dropLines(/^3276[67]:/)),
    },
  ],
};
