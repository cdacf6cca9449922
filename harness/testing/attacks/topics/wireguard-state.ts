import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import type { RecordingDraft } from '../draft.ts';

const WIREGUARD: readonly BaseName[] = ['wireguard', 'wireguard-native'];
const STRANGER = 'c3RyYW5nZXIgc3RyYW5nZXIgc3RyYW5nZXIgc3RyYWE=';

const of = (collector: string) => ({ node: 'node1', collector }) as const;
const KEY = /^[A-Za-z0-9+/]{43}=/;

/** The peer's line with another value. */
function value(draft: RecordingDraft, collector: string, change: (value: string) => string): void {
  draft.output(of(collector), (text) => text.replace(/\t(.*)/, (_, old: string) => `\t${change(old)}`));
}

export const wireguardState: AttackTopic = {
  topic: 'wireguard-state',
  root: 'what a peer must have is looked for, and what it has beside it is not',
  manipulations: [
    {
      id: 'allowed-everything',
      what: 'a peer may send as anybody: its allowed-ips hold addresses that are not of its node',
      on: WIREGUARD,
      variants: [
        '0.0.0.0/0',
        '0.0.0.0/1',
        '10.0.0.0/8',
        '10.0.1.0/24',
        '10.0.1.11/32',
        '172.18.0.1/32',
        '192.0.2.0/24',
        '::/0',
        '172.18.0.0/16',
      ],
      turns: ['WGD-04'],
      edit: (draft, range) => value(draft, 'wg-allowed-ips', (old) => `${old} ${range}`),
    },
    {
      id: 'allowed-only-everything',
      what: 'allowed-ips of the peer are one range that holds everything',
      on: ['wireguard'],
      variants: ['0.0.0.0/0', '172.18.0.0/16 10.0.0.0/8', '0.0.0.0/0 ::/0'],
      turns: ['WGD-04'],
      edit: (draft, ranges) => value(draft, 'wg-allowed-ips', () => ranges),
    },
    {
      id: 'allowed-missing',
      what: 'allowed-ips of the peer lack an address that must go to it: the kernel drops such packets, or they take another path',
      on: ['wireguard'],
      variants: ['(none)', '10.0.9.0/24', '172.18.0.2/31'],
      turns: ['WGD-04'],
      edit: (draft, ranges) => value(draft, 'wg-allowed-ips', () => ranges),
    },
    {
      id: 'allowed-after',
      what: 'allowed-ips grow while the traffic flows',
      on: ['wireguard'],
      variants: ['0.0.0.0/0', '10.0.1.0/24'],
      turns: ['WGD-04'],
      edit: (draft, range) =>
        draft.output({ ...of('wg-allowed-ips'), snapshot: 'after' }, (text) => text.replace(/\t(.*)/, `\t$1 ${range}`)),
    },
    {
      id: 'handshake',
      what: 'the last handshake is in the future, long ago or never, though traffic flowed',
      on: ['wireguard'],
      variants: ['one hour ahead', 'forty seconds ahead', 'an hour old', 'a day old', 'never'],
      turns: ['WGD-05'],
      edit: (draft, when) =>
        draft.output({ ...of('wg-latest-handshakes'), snapshot: 'after' }, (text) =>
          text.replace(/\t(\d+)/, (_, at: string) => {
            const change = { 'one hour ahead': 3600, 'forty seconds ahead': 40, 'an hour old': -3600, 'a day old': -86_400 }[when];
            return `\t${change === undefined ? 0 : Number(at) + change}`;
          }),
        ),
    },
    {
      id: 'handshake-back',
      what: 'the last handshake is older after the traffic than before it',
      on: ['wireguard'],
      turns: ['WGD-05'],
      edit: (draft) =>
        draft.output({ ...of('wg-latest-handshakes'), snapshot: 'before' }, (text) => {
          const [command] = draft.commands({ ...of('wg-latest-handshakes'), snapshot: 'after' });
          const at = Number(/\t(\d+)/.exec(draft.text(command?.stdout ?? ''))?.[1] ?? 0);
          return text.replace(/\t\d+/, `\t${at + 3600}`);
        }),
    },
    {
      id: 'endpoint',
      what: 'the peer of node2 is somewhere else',
      on: WIREGUARD,
      variants: ['172.18.0.99:51871', '172.18.0.2:51820', '172.18.0.2:4500', '10.0.2.1:51871', '172.18.0.1:51871', '203.0.113.7:51871'],
      turns: ['WGD-02'],
      edit: (draft, endpoint) => value(draft, 'wg-endpoints', () => endpoint),
    },
    {
      id: 'no-endpoint',
      what: 'the peer of node2 has no endpoint: nothing can be sent to it',
      on: ['wireguard'],
      turns: ['WGD-02'],
      edit: (draft) => value(draft, 'wg-endpoints', () => '(none)'),
    },
    {
      id: 'port',
      what: 'the device listens on another port than the profile has',
      on: ['wireguard'],
      variants: ['51820', '0', '4500', '8472'],
      turns: ['WGD-01'],
      edit: (draft, port) => draft.output(of('wg-listen-port'), () => `${port}\n`),
    },
    {
      id: 'fwmark',
      what: 'the device puts another mark on what it sends: rules lead it elsewhere',
      on: ['wireguard'],
      variants: ['off', '0xd00', '0x1', '0xe01', '0xffffffff'],
      turns: ['WGD-01'],
      edit: (draft, mark) => draft.output(of('wg-fwmark'), () => `${mark}\n`),
    },
    {
      id: 'own-key',
      what: 'the device has another key than its node publishes',
      on: ['wireguard'],
      turns: ['WGD-03'],
      edit: (draft) => draft.output(of('wg-public-key'), () => `${STRANGER}\n`),
    },
    {
      id: 'peer-key',
      what: 'the peer at the endpoint of node2 has a key that is not that of node2: somebody stands between',
      on: ['wireguard'],
      turns: ['WGD-03'],
      edit: (draft) => {
        for (const part of ['wg-peers', 'wg-endpoints', 'wg-allowed-ips', 'wg-latest-handshakes', 'wg-transfer'])
          draft.output(of(part), (text) => text.replace(KEY, STRANGER));
      },
    },
    {
      id: 'foreign-peer',
      what: 'the device has a peer more than there are nodes',
      on: ['wireguard'],
      variants: ['203.0.113.7:51871', '172.18.0.99:51871', '(none)', '172.18.0.2:51871'],
      turns: ['WGD-02'],
      edit: (draft, endpoint) => {
        draft.output(of('wg-peers'), (text) => `${text}${STRANGER}\n`);
        const lines: Readonly<Record<string, string>> = {
          'wg-endpoints': endpoint,
          'wg-allowed-ips': '192.0.2.0/24',
          'wg-latest-handshakes': '0',
          'wg-transfer': '0\t0',
        };
        for (const [part, text] of Object.entries(lines)) draft.output(of(part), (all) => `${all}${STRANGER}\t${text}\n`);
      },
    },
    {
      id: 'no-peer',
      what: 'the device has no peer',
      on: ['wireguard'],
      turns: ['WGD-02'],
      edit: (draft) => {
        for (const part of ['wg-peers', 'wg-endpoints', 'wg-allowed-ips', 'wg-latest-handshakes', 'wg-transfer'])
          draft.output(of(part), () => '');
      },
    },
    {
      id: 'no-device',
      what: 'node1 has no device cilium_wg0',
      on: ['wireguard'],
      turns: ['WGD-01', 'WGD-02'],
      edit: (draft) => {
        for (const part of ['public-key', 'listen-port', 'fwmark', 'peers', 'endpoints', 'allowed-ips', 'latest-handshakes', 'transfer'])
          draft.fail(of(`wg-${part}`), 'Unable to access interface: No such device');
      },
    },
    {
      id: 'transfer',
      what: 'the kernel counted other bytes than the wire shows',
      on: ['wireguard'],
      variants: ['nothing', 'a tenth', 'ten times', 'a megabyte more'],
      turns: ['WGD-06'],
      edit: (draft, how) =>
        draft.output({ ...of('wg-transfer'), snapshot: 'after' }, (text) =>
          text.replace(/\t(\d+)\t(\d+)/, (_, received: string, sent: string) => {
            const change = (old: string) =>
              Math.floor({ nothing: 0, 'a tenth': Number(old) / 10, 'ten times': Number(old) * 10 }[how] ?? Number(old) + 1_000_000);
            return `\t${change(received)}\t${change(sent)}`;
          }),
        ),
    },
    {
      id: 'cut',
      what: 'an output of wg ends early, with exit code 0',
      on: ['wireguard'],
      variants: ['wg-peers', 'wg-endpoints', 'wg-allowed-ips', 'wg-latest-handshakes', 'wg-transfer', 'wg-public-key'],
      turns: ['WGD-02'],
      edit: (draft, part) => draft.output(of(part), (text) => text.slice(0, 20)),
    },
    {
      id: 'peers-missing',
      what: 'one output of wg lists no peer, with exit code 0, and the others do',
      on: WIREGUARD,
      variants: ['wg-peers', 'wg-endpoints', 'wg-allowed-ips', 'wg-latest-handshakes', 'wg-transfer'].flatMap((c) => [
        `${c} before`,
        `${c} after`,
      ]),
      turns: [],
      edit: (draft, variant) => {
        const [collector = '', snapshot] = variant.split(' ');
        draft.output({ node: 'node1', collector, snapshot: snapshot === 'before' ? 'before' : 'after' }, () => '');
      },
    },
    {
      id: 'unsaid',
      what: 'a setting of the device was not printed, with exit code 0',
      on: ['wireguard'],
      variants: ['wg-listen-port', 'wg-fwmark'],
      turns: ['WGD-01'],
      edit: (draft, part) => draft.output(of(part), () => ''),
    },
    {
      id: 'failed',
      what: 'an output of wg could not be had',
      on: ['wireguard'],
      variants: ['wg-peers', 'wg-allowed-ips', 'wg-latest-handshakes', 'wg-transfer'],
      turns: ['WGD-02'],
      edit: (draft, part) => draft.fail(of(part), 'Unable to access interface: Operation not permitted'),
    },
  ],
};
