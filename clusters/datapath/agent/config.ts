import type { Family } from '../../../harness/model/mode.ts';
import { DRIFT_METRIC } from '../../../harness/stacks/cilium/decode/config-drift.ts';
import type { DatapathContext } from '../context.ts';

const WIDTH = 34;

/**
 * `cilium-dbg config --all`, in the agents' layout: the options about encryption, routing and families. 1.20 no longer lists IPsec and
 * WireGuard there. The values are those of the last configuration, not of the intent.
 */
export function configText(context: DatapathContext): string {
  const { profile, options, laid } = context;
  const ipsec = laid === 'ipsec';
  const wireguard = laid === 'wireguard';
  const native = options.intent.routing === 'native';
  const has = (family: Family) => options.intent.families.includes(family);
  const entries: Record<string, string> = {
    Devices: `[${options.nodes[0]?.uplink ?? ''}]`,
    EnableAutoDirectRouting: String(native),
    EnableEndpointRoutes: 'false',
    EnableHostLegacyRouting: 'true',
    EnableIPv4: String(has('ipv4')),
    EnableIPv4Masquerade: String(!native && has('ipv4')),
    EnableIPv6: String(has('ipv6')),
    EnableIPv6Masquerade: String(!native && has('ipv6')),
    EncryptNode: String(wireguard && options.intent.nodeEncryption),
    IPv4NativeRoutingCIDR: '<nil>',
    IPv6NativeRoutingCIDR: '<nil>',
    NodeEncryptionOptOutLabels: '[map[]]',
    NodeEncryptionOptOutLabelsString: 'node-role.kubernetes.io/control-plane',
    RoutingMode: native ? 'native' : 'tunnel',
  };
  if (profile.configListsModes) {
    entries.EnableIPSec = String(ipsec);
    entries.EnableIPsecKeyWatcher = 'true';
    entries.EnableWireguard = String(wireguard);
    entries.EncryptInterface = '[]';
    entries.IPSecKeyFile = ipsec ? '/etc/cilium/ipsec/keys' : '';
    entries.IPsecKeyRotationDuration = '300000000000';
    entries.UseCiliumInternalIPForIPsec = 'false';
  }
  if (profile.configNamesTunnel) {
    entries.TunnelPort = options.intent.routing === 'geneve' ? '6081' : '8472';
    entries.TunnelProtocol = options.intent.routing === 'geneve' ? 'geneve' : 'vxlan';
    entries.WireguardEncapsulate = 'false';
  }
  if (profile.strictMode.modes.length > 0) {
    entries[profile.strictMode.names === 'egress' ? 'EnableEncryptionStrictModeEgress' : 'EnableEncryptionStrictMode'] = String(
      laid !== 'none' && options.intent.strictMode,
    );
  }
  if (profile.strictIngress.length > 0)
    entries.EnableEncryptionStrictModeIngress = String(wireguard && options.intent.strictIngress === true);
  const lines = (values: Record<string, string>) =>
    Object.keys(values)
      .sort()
      .map((name) => `${name.padEnd(WIDTH)}: ${values[name]}`);
  return [
    '#### Read-only configurations ####',
    ...lines(entries),
    '##### Read-write configurations #####',
    ...lines({ Debug: 'Disabled', DropNotification: 'Enabled', MonitorAggregationLevel: 'Medium', TraceNotification: 'Enabled' }),
    `${'PolicyEnforcement'.padEnd(WIDTH)}: default`,
    '',
  ].join('\n');
}

/**
 * `cilium-dbg metrics list -p drift_checker_config_delta`: the stand-in of the agent and the ConfigMap are made from one configuration, so
 * none of its keys differs.
 */
export function configDriftText({ profile }: DatapathContext): string {
  const row = (name: string, labels: string, value: string) => `${name.padEnd(WIDTH)}   ${labels.padEnd(8)}   ${value}\n`;
  return row('Metric', 'Labels', 'Value') + (profile.countsDrift ? row(`cilium_${DRIFT_METRIC}`, '', '0.000000') : '');
}
