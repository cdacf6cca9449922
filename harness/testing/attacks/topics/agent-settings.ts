import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';

const IPSEC: readonly BaseName[] = ['ipsec-1.17', 'ipsec-1.18'];
const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const _STATUS = { node: 'node2', collector: 'cilium-status' } as const;
const _AUDIT = { node: 'node2', collector: 'encrypt-status' } as const;
const CONFIG = { node: 'node2', collector: 'cilium-config' } as const;
const CONFIG_MAP = { node: null, collector: 'cilium-config-map' } as const;

export const agentSettings: AttackTopic = {
  topic: 'agent-settings',
  root: 'a setting is looked for in one place, and other places where agents get it from are not read',
  manipulations: [
    {
      id: 'config-switch',
      what: 'the running configuration of node2 has encryption switched otherwise than claimed',
      on: BOTH,
      variants: ['both off', 'both on', 'off'],
      turns: ['CFG-01'],
      edit: (draft, how) =>
        draft.output(CONFIG, (text) => {
          const claimed = /EnableIPSec\s+: true/.test(text) ? 'EnableIPSec' : 'EnableWireguard';
          const set = (name: string, value: string) => (t: string) => t.replace(new RegExp(`^(${name}\\s*: ).*$`, 'm'), `$1${value}`);
          if (how === 'both off') return set('EnableWireguard', 'false')(set('EnableIPSec', 'false')(text));
          if (how === 'both on') return set('EnableWireguard', 'true')(set('EnableIPSec', 'true')(text));
          return set(claimed, 'false')(text);
        }),
    },
    {
      id: 'config-map-switch',
      what: 'the ConfigMap has encryption off while the agents still run with it on: it ends with the next restart of an agent',
      on: BOTH,
      turns: ['CFG-01'],
      edit: (draft) => draft.replace(CONFIG_MAP, /enable-(ipsec|wireguard): "true"/, 'enable-$1: "false"'),
    },
    {
      id: 'config-map-other',
      what: 'the ConfigMap has the other mode on as well',
      on: BOTH,
      turns: ['CFG-01'],
      edit: (draft) =>
        draft.output(CONFIG_MAP, (text) =>
          text.replace('data:\n', `data:\n  enable-${text.includes('enable-ipsec: "true"') ? 'wireguard' : 'ipsec'}: "true"\n`),
        ),
    },
    {
      id: 'config-map-garbage',
      what: 'the ConfigMap could not be read, and what was printed in its place is no object',
      on: ['wireguard'],
      variants: ['error: You must be logged in to the server', '{}', 'kind: Status', ''],
      turns: ['CFG-01'],
      edit: (draft, text) => draft.output(CONFIG_MAP, () => (text === '' ? '' : `${text}\n`)),
    },
    {
      id: 'config-map-routing',
      what: 'the ConfigMap has another tunnel or none',
      on: BOTH,
      variants: ['tunnel-protocol: geneve', 'routing-mode: native'],
      turns: ['PRE-01'],
      edit: (draft, setting) => draft.replace(CONFIG_MAP, new RegExp(`${setting.split(':')[0]}: \\S+`), setting),
    },
    {
      id: 'config-map-strict',
      what: 'the ConfigMap claims strict mode, which the running agent does not have',
      on: BOTH,
      turns: ['CFG-06'],
      edit: (draft) => draft.replace(CONFIG_MAP, 'data:\n', 'data:\n  enable-encryption-strict-mode: "true"\n'),
    },
    {
      id: 'config-routing',
      what: 'the running configuration has another routing than the claim',
      on: BOTH,
      turns: ['PRE-01'],
      edit: (draft) => draft.replace(CONFIG, /RoutingMode\s+: \S+/, 'RoutingMode                       : native'),
    },
    {
      id: 'config-twice',
      what: 'the running configuration names the switch twice, once on and once off',
      on: BOTH,
      turns: ['CFG-01'],
      edit: (draft) =>
        draft.output(CONFIG, (text) =>
          text.replace(/^(Enable(?:IPSec|Wireguard)\s*: )true$/m, (line) => `${line}\n${line.replace('true', 'false')}`),
        ),
    },
    {
      id: 'config-strict',
      what: 'the running agent has strict mode on, which is not claimed',
      on: BOTH,
      turns: ['CFG-06'],
      edit: (draft) => draft.replace(CONFIG, /EnableEncryptionStrictMode\s+: false/, 'EnableEncryptionStrictMode        : true'),
    },
    {
      id: 'config-node',
      what: 'the running agent encrypts nodes too, which is not claimed',
      on: BOTH,
      turns: ['CFG-05'],
      edit: (draft) => draft.replace(CONFIG, /EncryptNode\s+: false/, 'EncryptNode                       : true'),
    },
    {
      id: 'config-garbage',
      what: 'the configuration of node2 could not be read, and what was printed in its place is no configuration',
      on: ['wireguard'],
      variants: ['error: connection refused', ''],
      turns: ['CFG-01'],
      edit: (draft, text) => draft.output(CONFIG, () => text),
    },
    {
      id: 'version',
      what: 'node2 runs another release than the profile is of',
      on: ['wireguard'],
      variants: ['1.13.2', '1.21.0', '2.0.0'],
      turns: ['PRE-03'],
      edit: (draft, version) => draft.replace({ node: 'node2', collector: 'cilium-version' }, /\d+\.\d+\.\d+ go/g, `${version} go`),
    },
    {
      id: 'version-patch',
      what: 'node2 runs another patch release than node1: an upgrade is under way',
      on: ['wireguard'],
      turns: ['PRE-03'],
      edit: (draft) => draft.replace({ node: 'node2', collector: 'cilium-version' }, /(\d+\.\d+)\.\d+ go/g, '$1.99 go'),
    },
    {
      id: 'secret',
      what: 'the key Secret is none that Cilium accepts, or of another id',
      on: IPSEC,
      variants: ['id 0', 'id 16', 'ICV 64', 'no key line', 'another id'],
      turns: { ipsec: [] },
      edit: (draft, how) =>
        draft.output({ node: null, collector: 'key-secret' }, (text) => {
          const changes: Readonly<Record<string, string>> = {
            'id 0': text.replace('3+', '0+'),
            'id 16': text.replace('3+', '16+'),
            'ICV 64': text.replace(/128\n?$/, '64\n'),
            'no key line': '\n',
            'another id': text.replace('3+', '4+'),
          };
          return changes[how] ?? text;
        }),
    },
    {
      id: 'config-map-unsaid',
      what: 'the ConfigMap does not say that encryption is on: agents lose it when they restart',
      on: BOTH,
      turns: ['CFG-01'],
      edit: (draft) => draft.replace({ node: null, collector: 'cilium-config-map' }, /^ {2}enable-(?:ipsec|wireguard): .*\n/gm, ''),
    },
    {
      id: 'config-map-name',
      what: 'another ConfigMap was printed than the one that agents are started with',
      on: BOTH,
      turns: ['CFG-01'],
      edit: (draft) => draft.replace({ node: null, collector: 'cilium-config-map' }, 'name: cilium-config', 'name: other-config'),
    },
  ],
};
