import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../harness/kube/object.ts';
import type { Intent } from '../../../harness/model/intent.ts';
import { decodeKeySecret } from '../../../harness/stacks/cilium/decode/key-secret.ts';
import { sampleIntent } from '../../../harness/testing/two-nodes.ts';
import { keySecret, nextKeyId, nextKeySecret, perTunnelMark } from '../../cilium/key-secret.ts';
import { kindConfig, POD_CIDRS } from '../cluster/config.ts';
import { installCommand, upgradeCommand } from './commands.ts';
import { type InstallOptions, installValues } from './install-values.ts';

const wireguard = sampleIntent('wireguard', { profile: '1.16' });
const ipsec: Intent = { ...wireguard, mode: 'ipsec', perTunnelKeys: true };

function valuesOf(more: Partial<InstallOptions> & { intent: Intent }): Record<string, string> {
  return Object.fromEntries(installValues({ version: '1.16.2', podCidrs: POD_CIDRS, ...more }));
}

/**
 * Every name that is ever set, as the Helm reference of the versions has it (Documentation/helm-values.rst), with the versions in which
 * it exists. A misspelt value is accepted by Helm without a word, so it must not get this far.
 */
const REFERENCE: Readonly<Record<string, readonly [since: number, until: number]>> = {
  'ipam.mode': [14, 99],
  'image.pullPolicy': [14, 99],
  'operator.replicas': [14, 99],
  'ipv4.enabled': [14, 99],
  'ipv6.enabled': [14, 99],
  routingMode: [14, 99],
  tunnelProtocol: [14, 99],
  autoDirectNodeRoutes: [14, 99],
  ipv4NativeRoutingCIDR: [14, 99],
  ipv6NativeRoutingCIDR: [14, 99],
  'encryption.enabled': [14, 99],
  'encryption.type': [14, 99],
  'encryption.nodeEncryption': [14, 99],
  'sctp.enabled': [14, 99],
  'encryption.ipsec.interface': [14, 99],
  'encryption.strictMode.enabled': [15, 19],
  'encryption.strictMode.cidr': [15, 19],
  'encryption.strictMode.allowRemoteNodeIdentities': [15, 19],
  'encryption.strictMode.egress.enabled': [19, 99],
  'encryption.strictMode.egress.cidr': [19, 99],
  'encryption.strictMode.egress.allowRemoteNodeIdentities': [19, 99],
};

describe('Helm values', () => {
  test('every value of every version and claim is in that version’s reference', () => {
    for (const minor of [14, 15, 16, 17, 18, 19, 20])
      for (const mode of ['ipsec', 'wireguard', 'none'] as const)
        for (const routing of ['vxlan', 'geneve', 'native'] as const)
          for (const strictMode of minor > 14 ? [true, false] : [false]) {
            const names = Object.keys(
              valuesOf({
                version: `1.${minor}.1`,
                intent: { ...wireguard, stack: 'cilium', mode, routing, strictMode },
                interface: 'eth0',
              }),
            );
            for (const name of names) {
              const [since, until] = REFERENCE[name] ?? [Infinity, 0];
              expect([name, since <= minor && minor <= until]).toEqual([name, true]);
            }
          }
  });

  test('WireGuard over vxlan', () => {
    expect(valuesOf({ intent: wireguard })).toMatchObject({
      'encryption.enabled': 'true',
      'encryption.type': 'wireguard',
      'encryption.nodeEncryption': 'false',
      routingMode: 'tunnel',
      tunnelProtocol: 'vxlan',
    });
  });

  test('IPsec over native routing names the CIDR and, where said, the interface', () => {
    const values = valuesOf({ intent: { ...ipsec, routing: 'native' }, interface: 'eth0' });
    expect(values).toMatchObject({
      'encryption.type': 'ipsec',
      routingMode: 'native',
      ipv4NativeRoutingCIDR: '10.244.0.0/16',
      'encryption.ipsec.interface': 'eth0',
    });
    expect(values).not.toHaveProperty('encryption.nodeEncryption');
  });

  test('native routing names the CIDR of each family that is claimed, and of no other', () => {
    const dual = valuesOf({ intent: { ...wireguard, routing: 'native', families: ['ipv4', 'ipv6'] } });
    expect(dual).toMatchObject({ ipv4NativeRoutingCIDR: '10.244.0.0/16', ipv6NativeRoutingCIDR: 'fd00:10:244::/56' });
    expect(valuesOf({ intent: { ...wireguard, routing: 'native' } })).not.toHaveProperty('ipv6NativeRoutingCIDR');
  });

  test('the cluster has the families that are claimed', () => {
    expect(kindConfig({ nodes: 2, families: ['ipv4', 'ipv6'] })).toContain('ipFamily: dual');
    expect(kindConfig({ nodes: 2, families: ['ipv4', 'ipv6'] })).toContain('podSubnet: 10.244.0.0/16,fd00:10:244::/56');
    expect(kindConfig({ nodes: 2, families: ['ipv6'] })).toMatch(/ipFamily: ipv6\n {2}podSubnet: fd00:10:244::\/56\n/);
  });

  test('the un-encrypted phase says so, whatever is claimed', () => {
    expect(valuesOf({ intent: ipsec, clear: true })).toMatchObject({ 'encryption.enabled': 'false' });
    expect(valuesOf({ intent: ipsec, clear: true })).not.toHaveProperty('encryption.type');
  });

  test('strict mode by version: under its old name, under the new one, and refused before it existed', () => {
    const intent = { ...wireguard, strictMode: true };
    expect(valuesOf({ version: '1.18.3', intent })).toHaveProperty('encryption.strictMode.enabled', 'true');
    expect(valuesOf({ version: '1.20.0', intent })).toHaveProperty('encryption.strictMode.egress.enabled', 'true');
    expect(valuesOf({ version: '1.20.0', intent })).not.toHaveProperty('encryption.strictMode.enabled');
    expect(() => valuesOf({ version: '1.14.5', intent })).toThrow(/1\.14\.5 has no strict mode/);
  });

  test('SCTP is turned on where it is claimed, and only there', () => {
    expect(valuesOf({ version: '1.18.3', intent: { ...wireguard, sctp: true } })).toHaveProperty('sctp.enabled', 'true');
    expect(valuesOf({ version: '1.18.3', intent: wireguard })).not.toHaveProperty('sctp.enabled');
  });

  test('what no version can keep is refused', () => {
    expect(() => valuesOf({ intent: { ...ipsec, nodeEncryption: true } })).toThrow(/only with WireGuard/);
    expect(() => valuesOf({ version: '1.13.9', intent: wireguard })).toThrow(/older than 1\.14/);
    expect(() => valuesOf({ version: 'latest', intent: wireguard })).toThrow(/not a Cilium version/);
  });
});

describe('command lines', () => {
  const target = { kubeconfig: '/tmp/kubeconfig' };
  const options = { version: 'v1.16.2', intent: wireguard, podCidrs: POD_CIDRS };

  test('cilium install', () => {
    const argv = installCommand('cilium', target, options);
    expect(argv.slice(0, 8)).toEqual([
      'cilium',
      'install',
      '--kubeconfig',
      '/tmp/kubeconfig',
      '--namespace',
      'kube-system',
      '--version',
      '1.16.2',
    ]);
    expect(argv.join(' ')).toContain('--set encryption.enabled=true --set encryption.type=wireguard');
  });

  test('a file of further values stands before those of the claim, which have precedence', () => {
    for (const installer of ['cilium', 'helm'] as const)
      for (const command of [installCommand, upgradeCommand]) {
        const argv = command(installer, target, { ...options, valuesFile: '/tmp/mirror.yaml' });
        expect(argv.slice(argv.indexOf('--values'), argv.indexOf('--values') + 3)).toEqual(['--values', '/tmp/mirror.yaml', '--set']);
        expect(command(installer, target, options)).not.toContain('--values');
      }
  });

  test('helm, and an upgrade that forgets no value of before', () => {
    expect(installCommand('helm', target, options).slice(0, 4)).toEqual(['helm', 'install', 'cilium', 'cilium']);
    for (const installer of ['cilium', 'helm'] as const) expect(upgradeCommand(installer, target, options)).toContain('--reset-values');
  });

  test('no command line holds a key', () => {
    const key =
      Buffer.from(String((keySecret(3, '+').data as { keys: string }).keys), 'base64')
        .toString()
        .split(' ')[2] ?? 'none';
    for (const argv of [
      installCommand('cilium', target, { ...options, intent: ipsec }),
      upgradeCommand('helm', target, { ...options, intent: ipsec }),
    ])
      expect(argv.join(' ')).not.toContain(key);
  });
});

describe('the key Secret', () => {
  test('is read by the decoder as an AES-128-GCM key of its id, and no two are equal', () => {
    const secret = keySecret(3, '+');
    const { items, unparsed } = decodeKeySecret(JSON.stringify(secret));
    expect(unparsed).toEqual([]);
    expect(items[0]).toMatchObject({ id: 3, perTunnelKeys: true });
    expect(secret.data).not.toEqual(keySecret(3, '+').data);
  });

  test('the next one keeps the mark, the algorithms and the lengths, and no key; one that cannot be read is told without its text', () => {
    const line = (text: string) => ({ ...keySecret(3, '+'), data: { keys: Buffer.from(text).toString('base64') } });
    const words = (secret: KubeObject) =>
      Buffer.from((secret.data as { keys: string }).keys, 'base64')
        .toString()
        .split(' ');
    const gcm = nextKeySecret(line(`15+ rfc4106(gcm(aes)) ${'ab'.repeat(36)} 256\n`));
    expect([gcm.from, gcm.to]).toEqual([15, 1]);
    const [id, algorithm, key = '', icv] = words(gcm.secret);
    expect([id, algorithm, key.length, icv]).toEqual(['1+', 'rfc4106(gcm(aes))', 72, '256']);
    expect(key).not.toBe('ab'.repeat(36));
    const cbc = words(nextKeySecret(line(`3 hmac(sha256) ${'cd'.repeat(32)} cbc(aes) ${'ef'.repeat(16)}`)).secret);
    expect(cbc.map((word) => word.length)).toEqual([1, 12, 64, 8, 32]);
    const broken = `x rfc4106(gcm(aes)) ${'ab'.repeat(20)} 128`;
    expect(() => nextKeySecret(line(broken))).toThrow(/has no entry keys with an id/);
    expect(() => nextKeySecret(line(broken))).not.toThrow(/abab/);
    expect(() => nextKeySecret(undefined)).toThrow(RangeError);
  });

  test('ids go from 1 to 15 and round', () => {
    expect([1, 14, 15].map(nextKeyId)).toEqual([2, 15, 1]);
    expect(() => nextKeyId(16)).toThrow(/outside 1..15/);
  });

  test('per-tunnel keys only where agents have them', () => {
    expect(perTunnelMark('1.16.2', true)).toBe('+');
    expect(['1.14.9', '1.15.3'].map((version) => perTunnelMark(version, true))).toEqual(['+', '+']);
    expect(perTunnelMark('1.14.5', false)).toBe('');
    for (const old of ['1.14.5', '1.14.8', '1.15.2'])
      expect(() => perTunnelMark(old, true)).toThrow(/no per-tunnel keys; they came with 1\.14\.9, 1\.15\.3 and 1\.16/);
  });
});
