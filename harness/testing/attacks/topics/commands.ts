import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];

/** A command that prints less than the one that must be run, or the same of something else. */
const OTHER: Readonly<Record<string, (argv: readonly string[]) => readonly string[]>> = {
  'with a filter': (argv) => [...argv, 'src', '172.18.0.1'],
  'through grep': (argv) => ['sh', '-c', `${argv.join(' ')} | grep -v 172.18.0.9`],
  'in another network namespace': (argv) => ['ip', 'netns', 'exec', 'clean', ...argv],
  'from a file': () => ['cat', '/tmp/good.txt'],
  'without its last word': (argv) => argv.slice(0, -1),
};

/** What is read of each node in both modes, and from the API. */
const EVERYWHERE: readonly string[] = [
  'xfrm-state',
  'xfrm-policy',
  'xfrm-stat',
  'ip-rule',
  'ip-route',
  'ip-route-get',
  'ip-link',
  'ip-addr',
  'crypto',
  'clock',
  'uname',
  'cilium-config',
  'cilium-status',
  'cilium-version',
  'encrypt-status',
  'ipcache',
  'cilium-nodes',
  'cilium-config-map',
];

export const commands: AttackTopic = {
  topic: 'commands',
  root: 'an output is believed by the name under which it is filed, and the command that printed it is not asked',
  manipulations: [
    {
      id: 'state',
      what: 'the SAs of both nodes were read by another command: it prints a part of them, or those of another place',
      on: ['ipsec-1.17', 'ipsec-1.18', 'rotation'],
      variants: Object.keys(OTHER),
      turns: ['XFR-01', 'EVI-02'],
      edit: (draft, how) => {
        for (const command of draft.commands({ collector: 'xfrm-state' })) command.argv = [...(OTHER[how]?.(command.argv) ?? [])];
      },
    },
    {
      id: 'warning',
      what: 'the tool warned that its answer may not be whole, and ended with 0',
      on: ['ipsec-1.17', 'ipsec-1.18', 'rotation'],
      variants: ['Dump was interrupted and may be inconsistent.', 'output truncated'],
      turns: ['XFR-01', 'XFR-06', 'RUL-01'],
      edit: (draft, warning) => {
        for (const collector of ['xfrm-state', 'xfrm-policy', 'ip-rule'])
          for (const { stderr } of draft.commands({ collector })) draft.write(stderr, `${warning}\n`);
      },
    },
    {
      id: 'device',
      what: 'wg was asked for another device',
      on: ['wireguard', 'wireguard-native'],
      variants: ['wg-peers', 'wg-public-key', 'wg-allowed-ips', 'wg-latest-handshakes'],
      turns: ['WGD-02', 'EVI-02'],
      edit: (draft, collector) => {
        for (const command of draft.commands({ collector }))
          command.argv = command.argv.map((word) => (word === 'cilium_wg0' ? 'wg1' : word));
      },
    },
    {
      id: 'any',
      what: 'an output was printed by a command that reads a file',
      on: BOTH,
      variants: EVERYWHERE,
      turns: ['EVI-02'],
      edit: (draft, collector) => {
        for (const command of draft.commands({ collector })) command.argv = ['cat', `/tmp/${collector}`];
      },
    },
    {
      id: 'sampled',
      what: 'while the key was rotated the SAs were read with a filter',
      on: ['rotation'],
      turns: ['ROT-02', 'EVI-02'],
      edit: (draft) => {
        for (const command of draft.commands({ collector: 'xfrm-state', snapshot: 'sample' })) command.argv = [...command.argv, 'spi', '3'];
      },
    },
    {
      id: 'place',
      what: 'the kernel was read in a container with a network namespace of its own, not on the node',
      on: BOTH,
      variants: ['xfrm-state', 'xfrm-policy', 'ip-rule', 'ip-route'],
      turns: ['EVI-02'],
      edit: (draft, collector) => {
        for (const command of draft.commands({ collector })) command.shell = 'agent';
      },
    },
    {
      id: 'namespace',
      what: 'the secret was read in another namespace of the cluster',
      on: ['ipsec-1.17'],
      turns: ['CFG-02', 'EVI-02'],
      edit: (draft) => {
        for (const command of draft.commands({ collector: 'key-secret' }))
          command.argv = command.argv.map((word) => (word === 'kube-system' ? 'default' : word));
      },
    },
  ],
};
