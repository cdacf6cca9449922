import { KERNEL_MEANS_SCRIPT } from '../../decode/kernel/kernel-means.ts';
import { redactXfrmKeys } from '../../decode/kernel/redact.ts';
import { redactPresharedKeys } from '../../decode/kernel/redact-preshared-keys.ts';
import { PRESHARED_KEYS, WIREGUARD_STATE } from '../../decode/kernel/wireguard-subcommands.ts';
import type { ClusterDescription } from '../../model/cluster.ts';
import type { Intent } from '../../model/intent.ts';
import type { Snapshot } from '../../model/recording.ts';
import { type Collector, clockOf } from '../collector.ts';
import type { Stack } from '../stack.ts';
import { flannel, meshProfiles, PORT } from './profiles.ts';
import { flannelWords, meshWords } from './words.ts';

/** The device to read when the profile is unknown. */
const ANY_DEVICE = 'wg0';

const profileFor: Stack['profileFor'] = (id) => meshProfiles.find((profile) => profile.id === id) ?? null;

const wireguardDevice = ({ profile }: Pick<Intent, 'profile'>): string | null => profileFor(profile)?.wireguard?.device ?? null;

const OTHER_STACK = 'an option of Cilium, which a mesh does not have';

const refuse: Stack['refuse'] = ({
  mode,
  routing,
  nodeEncryption,
  strictMode,
  strictIngress,
  loadBalancer,
  loadBalancerXdp,
  egressGateway,
}) => {
  if (mode === 'tls') return { claim: 'mode', why: 'a WireGuard mesh has no TLS' };
  if (mode === 'ipsec') return { claim: 'mode', why: 'a WireGuard mesh has no IPsec' };
  if (routing !== 'native') return { claim: 'routing', why: `a WireGuard mesh routes pod packets by its device, without ${routing}` };
  if (nodeEncryption) return { claim: 'nodeEncryption', why: 'the mesh carries what is routed to pods, not what nodes send to nodes' };
  if (strictMode) return { claim: 'strictMode', why: 'a WireGuard mesh has no strict mode' };
  if (strictIngress === true) return { claim: 'strictIngress', why: 'a WireGuard mesh has no strict mode' };
  if (loadBalancer !== undefined) return { claim: 'loadBalancer', why: OTHER_STACK };
  if (loadBalancerXdp !== undefined) return { claim: 'loadBalancerXdp', why: OTHER_STACK };
  if (egressGateway !== undefined) return { claim: 'egressGateway', why: OTHER_STACK };
  return null;
};

/** There is no agent and no object to read: the kernels have everything. */
function collectors({ nodes, pods }: ClusterDescription, intent: Intent, snapshot: Snapshot): Collector[] {
  // Nobody counts what a mesh drops.
  if (snapshot === 'inbound') return [];
  const device = wireguardDevice(intent) ?? ANY_DEVICE;
  return nodes.flatMap(({ name: node }) => {
    const host = (collector: string, ...argv: readonly string[]): Collector => ({ collector, shell: 'host', argv, node });
    const always = [
      // Remains of IPsec can block WireGuard's packets.
      { ...host('xfrm-state', 'ip', '-s', 'xfrm', 'state', 'list'), redact: redactXfrmKeys },
      host('xfrm-policy', 'ip', 'xfrm', 'policy', 'list'),
      host('xfrm-stat', 'cat', '/proc/net/xfrm_stat'),
      host('ip-rule', 'ip', 'rule', 'list'),
      clockOf(node),
      ...WIREGUARD_STATE.map((what) => host(`wg-${what}`, 'wg', 'show', device, what)),
      { ...host(`wg-${PRESHARED_KEYS}`, 'wg', 'show', device, PRESHARED_KEYS), redact: redactPresharedKeys },
    ];
    const means = [host('kernel-means', 'sh', '-c', KERNEL_MEANS_SCRIPT), host('crypto', 'cat', '/proc/crypto')];
    if (snapshot === 'after') return [...always, ...means];
    if (snapshot !== 'before') return always;
    const remote = pods.filter((pod) => pod.node !== node).flatMap(({ addresses }) => addresses);
    return [
      ...always,
      ...means,
      host('ip-route', 'ip', 'route', 'show', 'table', 'all'),
      host('ip-link', 'ip', 'link', 'show'),
      host('ip-addr', 'ip', 'addr', 'show'),
      host('uname', 'uname', '-a'),
      ...remote
        .filter((address) => intent.families.includes(address.includes(':') ? 'ipv6' : 'ipv4'))
        .map((address) => host('ip-route-get', 'ip', 'route', 'get', address)),
    ];
  });
}

/** WireGuard between nodes without a product: a device, peers, allowed-ips and routes. */
export const plainWireguard: Stack = {
  name: 'plain-wireguard',
  profiles: meshProfiles,
  profileFor,
  profileIdOf: (id) => id,
  defaults: { profile: 'mesh', modes: ['wireguard'], routing: 'native' },
  refuse,
  collectors,
  readings: null,
  devices: (intent) => ({ host: null, tunnel: null, wireguard: wireguardDevice(intent) }),
  routing: { encryptMark: null, marks: [], tables: [] },
  keyRotation: null,
  keyDerivation: null,
  words: (intent) => {
    const words = intent.profile === flannel.id ? flannelWords : meshWords;
    return words(wireguardDevice(intent) ?? ANY_DEVICE, profileFor(intent.profile)?.wireguard?.port.value ?? PORT);
  },
};
