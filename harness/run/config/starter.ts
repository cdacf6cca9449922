import { WITNESS_IMAGE } from '../../../clusters/demo/names.ts';
import { STACKS } from '../../model/intent.ts';
import { NAMESPACE } from '../../stacks/cilium/names.ts';
import type { TargetName } from '../target-name.ts';
import type { Config } from './schema.ts';

/** What is known when a configuration file is created. */
export interface Starter {
  readonly target: TargetName;
  /** What the user said. */
  readonly said: Pick<Config, 'context' | 'kubeconfig' | 'namespace' | 'ciliumNamespace' | 'image'>;
  /** What the cluster declares: the user must check it before claiming it. */
  readonly declared: Pick<NonNullable<Config['intent']>, 'mode' | 'routing' | 'profile'>;
}

/** A key with its value; for an unknown value, an example in a comment. */
function key(name: string, value: string | undefined, example: string, why: string, indent = ''): string {
  const text = value === undefined ? `# ${name}: ${example}` : `${name}: ${quoted(value)}`;
  return `${indent}${text.padEnd(46 - indent.length)} # ${why}`;
}

/** YAML reads 1.20 without quotes as a number: text is quoted as JSON, which is valid YAML. */
function quoted(value: string): string {
  return /^[a-z][\w./:@-]*$/i.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value) && !value.endsWith(':')
    ? value
    : JSON.stringify(value);
}

/** A wirewitness.yaml with comments and every key of a run. */
export function starterConfig({ target, said, declared }: Starter): string {
  const existing = target === 'existing';
  const read = existing ? 'read from the cluster: check that this is what it should be' : 'which encryption is claimed';
  const lines = [
    '# What wirewitness must prove, and where. Flags override it; an unknown key is an error. All keys: docs/config.md',
    key('target', target, 'lab', 'lab, kind, existing'),
    '',
    'intent: # what is claimed about the cluster; a run never reads it from there',
    key('stack', 'cilium', 'cilium', STACKS.join(', '), '  '),
    key('mode', declared.mode, 'wireguard', `ipsec, wireguard, none: ${read}`, '  '),
    key('routing', declared.routing, 'vxlan', `vxlan, geneve, native${existing ? `: ${read}` : ''}`, '  '),
    key('profile', declared.profile, '"1.18"', `version, in quotes${existing ? `: ${read}` : ''}`, '  '),
    key('nodeEncryption', undefined, 'false', 'traffic of the nodes themselves (WireGuard)', '  '),
    key('strictMode', undefined, 'false', 'what cannot be encrypted is dropped', '  '),
    key('strictIngress', undefined, 'false', 'what arrives unencrypted is refused (WireGuard, TLS)', '  '),
    key('perTunnelKeys', undefined, 'true', 'IPsec: the + in the key Secret', '  '),
    key('presharedKeys', undefined, 'false', 'a preshared key with every peer (stack plain-wireguard)', '  '),
    key('cryptoperiodDays', undefined, '365', 'IPsec: days that one key may be in use; absent: not judged', '  '),
    key('keySource', undefined, 'mesh-ca', 'TLS: where certificates come from: mesh-ca, spire', '  '),
    key('kernelTls', undefined, 'send', 'TLS: the kernel encrypts what proxies send (kTLS), or send-and-receive', '  '),
    key('trustDomain', undefined, 'cluster.local', 'TLS: the trust domain of the mesh', '  '),
    key('sctp', undefined, 'false', 'pods use SCTP, which is then driven too', '  '),
    key('loadBalancer', undefined, 'snat', 'requests from outside: snat, dsr-opt, dsr-geneve, dsr-ipip', '  '),
    key('loadBalancerXdp', undefined, 'false', 'XDP sends them on', '  '),
    key('egressGateway', undefined, 'node2', 'lab: the node by which pods reach addresses outside', '  '),
    key('families', undefined, '[ipv4]', 'ipv4, ipv6, or both', '  '),
    '  # allow: # traffic between nodes that somebody takes responsibility for, see docs/frames.md',
    '  #   - { etherType: "0x88e7", reason: backbone bridges of the racks, owner: network team }',
    '',
    '# An existing cluster',
    key('context', said.context, 'my-cluster', 'context of the kubeconfig; absent: the current one'),
    key('kubeconfig', said.kubeconfig, '/path/to/kubeconfig', 'absent: the one that kubectl uses'),
    key('namespace', said.namespace, 'wirewitness', 'namespace of the pods; absent: a new one, removed at the end'),
    '# nodeSelector: { node-pool: apps }             # only these nodes; absent: every Linux node',
    key('ciliumNamespace', said.ciliumNamespace, NAMESPACE, 'namespace of the agents'),
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
    '# keepDays: 400                                # older lines of the history are removed',
    key('fingerprintKey', undefined, 'comparison.key', 'secret under which keys of several runs are compared, see docs/pack.md'),
    key('waivers', undefined, 'waivers.yaml', 'exceptions, see docs/waivers.md'),
    '# controls: [house.yaml]                       # further frameworks of controls',
    '# advisories: [ours]                          # folders of further advisories, see docs/advisories.md',
    '# scope: { paymentCardData: true }             # where controls apply, see docs/controls.md',
  ];
  return `${lines.join('\n')}\n`;
}
