import type { Intent } from '../../../harness/model/intent.ts';
import type { Family } from '../../../harness/model/mode.ts';
import { parseRelease } from '../../cilium/release.ts';
import { valueNames } from './helm-values.ts';

/** A Helm value: dotted name, and what it is set to. */
export type HelmValue = readonly [name: string, value: string];

export interface InstallOptions {
  /** For instance `1.16.2`. */
  readonly version: string;
  readonly intent: Intent;
  /** Pod CIDRs of the cluster, by family: native routing and strict mode need them. */
  readonly podCidrs: Readonly<Record<Family, string>>;
  /** Without encryption, for the un-encrypted phase of any intent. */
  readonly clear?: boolean;
  /** YAML file of further values. What the claim sets is set on the command line, which has precedence over it. */
  readonly valuesFile?: string;
  /** Only with IPsec over native routing, because the agent's choice may be wrong. */
  readonly interface?: string;
}

/**
 * The claim as Helm values of a version. The intent's profile is not used: the installer chooses the version, and PRE-03 compares.
 * @throws RangeError for a claim that the version does not support
 */
export function installValues(options: InstallOptions): HelmValue[] {
  const { version, intent, podCidrs, clear = false } = options;
  const release = parseRelease(version);
  const base: HelmValue[] = [
    ['ipam.mode', 'kubernetes'],
    // Images come from `kind load` if there is no registry.
    ['image.pullPolicy', 'IfNotPresent'],
    ['operator.replicas', '1'],
    ['ipv4.enabled', String(intent.families.includes('ipv4'))],
    ['ipv6.enabled', String(intent.families.includes('ipv6'))],
    ...routing(intent, podCidrs),
  ];
  if (clear || intent.mode === 'none') return [...base, ['encryption.enabled', 'false']];
  const names = valueNames(release);
  return [
    ...base,
    ...encryption(options),
    ...strictMode(options, names.strictMode),
    ...strictIngress(options, names.strictIngress),
    // Documentation/network/kubernetes/sctp.rst; off by default.
    ...(options.intent.sctp === true ? [['sctp.enabled', 'true'] as const] : []),
  ];
}

function routing({ routing: how, families }: Intent, podCidrs: InstallOptions['podCidrs']): HelmValue[] {
  if (how !== 'native')
    return [
      ['routingMode', 'tunnel'],
      ['tunnelProtocol', how],
    ];
  return [
    ['routingMode', 'native'],
    ['autoDirectNodeRoutes', 'true'],
    // Without it agents refuse to start in native routing with masquerading, for each family (daemon config validation).
    ...families.map((family) => [`${family}NativeRoutingCIDR`, podCidrs[family]] as const),
  ];
}

function encryption({ intent, interface: device }: InstallOptions): HelmValue[] {
  const { mode, nodeEncryption } = intent;
  if (mode === 'ipsec' && nodeEncryption) throw new RangeError('node encryption exists only with WireGuard');
  return [
    ['encryption.enabled', 'true'],
    ['encryption.type', mode],
    ...(mode === 'wireguard' ? [['encryption.nodeEncryption', String(nodeEncryption)] as const] : []),
    ...(mode === 'ipsec' && device !== undefined ? [['encryption.ipsec.interface', device] as const] : []),
  ];
}

function strictIngress({ version, intent }: InstallOptions, name: string | null): HelmValue[] {
  if (intent.strictIngress !== true) return [];
  if (name === null) throw new RangeError(`Cilium ${version} has no strict mode for ingress; it came with 1.19`);
  return [[name, 'true']];
}

function strictMode(
  { version, intent, podCidrs }: InstallOptions,
  names: { enabled: string; cidr: string; allowRemoteNodeIdentities: string } | null,
): HelmValue[] {
  if (!intent.strictMode) return [];
  if (names === null) throw new RangeError(`Cilium ${version} has no strict mode; it came with 1.15`);
  return [
    [names.enabled, 'true'],
    [names.cidr, podCidrs.ipv4],
    // Needed in tunnel mode, and where node and pod CIDRs overlap.
    [names.allowRemoteNodeIdentities, String(intent.routing !== 'native')],
  ];
}
