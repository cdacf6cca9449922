import { WITNESS_IMAGE } from '../../../clusters/demo/names.ts';
import { NAMESPACE } from '../../stacks/cilium/names.ts';
import type { TargetName } from '../target-name.ts';
import type { Config } from './schema.ts';

/** What is known when a configuration file is begun. */
export interface Starter {
  readonly target: TargetName;
  /** What the user said. */
  readonly said: Pick<Config, 'context' | 'kubeconfig' | 'namespace' | 'ciliumNamespace' | 'image'>;
  /** What the cluster declares of itself: to be checked by whoever claims it. */
  readonly declared: Pick<NonNullable<Config['intent']>, 'mode' | 'routing' | 'profile'>;
}

/** A key with its value; a value that is not known is an example behind a comment sign. */
function key(name: string, value: string | undefined, example: string, why: string, indent = ''): string {
  const text = value === undefined ? `# ${name}: ${example}` : `${name}: ${quoted(value)}`;
  return `${indent}${text.padEnd(46 - indent.length)} # ${why}`;
}

/** YAML reads 1.20 without quotes as a number, and more besides: text is quoted as JSON, which is YAML. */
function quoted(value: string): string {
  return /^[a-z][\w./:@-]*$/i.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value) && !value.endsWith(':')
    ? value
    : JSON.stringify(value);
}

/** A commented wirewitness.yaml with every key that a run knows. */
export function starterConfig({ target, said, declared }: Starter): string {
  const existing = target === 'existing';
  const read = existing ? 'read off the cluster: check that it is what it should be' : 'which encryption is claimed';
  const lines = [
    '# What wirewitness is to prove, and where. Flags override it; a misspelt key is an error. Every key: docs/config.md',
    key('target', target, 'lab', 'lab, kind, existing'),
    '',
    'intent: # what is claimed of the cluster; a run never takes it from there',
    key('stack', 'cilium', 'cilium', 'cilium, plain-wireguard', '  '),
    key('mode', declared.mode, 'wireguard', `ipsec, wireguard, none: ${read}`, '  '),
    key('routing', declared.routing, 'vxlan', `vxlan, geneve, native${existing ? `: ${read}` : ''}`, '  '),
    key('profile', declared.profile, '"1.18"', `version, in quotes${existing ? `: ${read}` : ''}`, '  '),
    key('nodeEncryption', undefined, 'false', 'traffic of the nodes themselves (WireGuard)', '  '),
    key('strictMode', undefined, 'false', 'what cannot be encrypted is dropped', '  '),
    key('perTunnelKeys', undefined, 'true', 'IPsec: the + in the key Secret', '  '),
    key('families', undefined, '[ipv4]', 'ipv4, ipv6, or both', '  '),
    '  # allow: # traffic between nodes that somebody answers for, see docs/frames.md',
    '  #   - { etherType: "0x88e7", reason: backbone bridges of the racks, owner: network team }',
    '',
    '# An existing cluster',
    key('context', said.context, 'my-cluster', 'context of the kubeconfig; absent: the current one'),
    key('kubeconfig', said.kubeconfig, '/path/to/kubeconfig', 'absent: as kubectl finds it'),
    key('namespace', said.namespace, 'wirewitness', 'where pods are created; absent: one of its own'),
    '# nodeSelector: { node-pool: apps }             # only these nodes; absent: every Linux node',
    key('ciliumNamespace', said.ciliumNamespace, NAMESPACE, 'where the agents are'),
    key('environment', undefined, 'production-readonly', 'or pre-production, ephemeral-test'),
    key(
      'image',
      said.image,
      `registry.example/${WITNESS_IMAGE.split(':')[0]}@sha256:…`,
      'capture and demo pods; the nodes must be able to pull it',
    ),
    '',
    '# The lab and kind',
    '# nodes: 3                                     # 2 to 9',
    '',
    '# Reports and packs',
    key('out', undefined, 'wirewitness-out', 'recordings and reports; a recording is never overwritten'),
    key('history', undefined, 'history', 'signed summaries of all runs'),
    '# keepDays: 400                                # lines of the history that are older go',
    key('waivers', undefined, 'waivers.yaml', 'exceptions, see docs/waivers.md'),
    '# controls: [house.yaml]                       # further frameworks of controls',
    '# advisories: [ours]                          # folders of further advisories, see docs/advisories.md',
    '# scope: { paymentCardData: true }             # where controls bind, see docs/controls.md',
  ];
  return `${lines.join('\n')}\n`;
}
