import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../suites/catalogue.ts';
import type { ClusterDescription } from '../../model/cluster.ts';
import type { Intent } from '../../model/intent.ts';
import { decodeCiliumNodes } from '../../stacks/cilium/decode/cilium-nodes.ts';
import { judgeState } from '../../testing/sample-judge.ts';
import { sampleIntent } from './sample-cluster.ts';
import { type SampleOutput, sampleRecording } from './sample-recording.ts';

const room = new URL('../../../../shared/fixtures/cilium/', import.meta.url);
const checks = ['PRE', 'CFG', 'XFR', 'RUL', 'WGD'].flatMap(checksOf).filter((check) => 'judge' in check);

/** File of a recorded agent by collector. Where wg-show is the human form, its transfer is rounded. */
const FILES: Readonly<Record<string, string>> = {
  'xfrm-state': 'xfrm-state-s.txt',
  'xfrm-policy': 'xfrm-policy.txt',
  'xfrm-stat': 'xfrm-stat.txt',
  'ip-rule': 'ip-rule.txt',
  'ip-route-200': 'route-200.txt',
  'ip-route': 'route-all.txt',
  'wg-show': 'wg-show.txt',
  crypto: 'crypto.txt',
  'cilium-version': 'version.txt',
  'cilium-status': 'status.txt',
  'encrypt-status': 'encrypt-status.txt',
  'cilium-config': 'config.txt',
  ipcache: 'ipcache.txt',
};

const read = (folder: string, file: string) => readFileSync(new URL(`${folder}/${file}`, room), 'utf8');

function clusterOf(folder: string): ClusterDescription {
  const nodes = decodeCiliumNodes(read(folder, 'ciliumnodes.yaml')).items.map((node) => ({
    name: node.name,
    addresses: node.addresses.filter((a) => a.type === 'InternalIP').map((a) => a.ip),
    podCidrs: node.podCidrs,
    ciliumInternal: node.addresses.filter((a) => a.type === 'CiliumInternalIP').map((a) => a.ip),
    uplink: 'eth0',
  }));
  return {
    name: folder,
    provider: 'fixture',
    environmentClass: 'ephemeral-test',
    nodes,
    pods: [],
    services: [],
    versions: {},
    capabilities: {},
  };
}

function outputsOf(folder: string): SampleOutput[] {
  return (['before', 'after'] as const).flatMap((snapshot) => [
    ...Object.entries(FILES).map(([collector, file]): SampleOutput => {
      const text = read(folder, `node1/${file}`);
      // Read as the recorder reads it: `ip route show table 200` is IPv4 only, and exits 2 where the table is not there.
      const ipv4 =
        collector === 'ip-route'
          ? text
              .split('\n')
              .filter((l) => !/^\S* ?[0-9a-f]*:|^(anycast|multicast) /.test(l))
              .join('\n')
          : text;
      return { snapshot, node: 'node1', collector, stdout: ipv4, exitCode: /^exit (\d)$/m.test(text) ? 2 : 0 };
    }),
    { snapshot, node: null, collector: 'cilium-nodes', stdout: read(folder, 'ciliumnodes.yaml') },
    { snapshot, node: null, collector: 'cilium-config-map', stdout: read(folder, 'cilium-config.yaml') },
    ...(folder.includes('ipsec') ? [{ snapshot, node: null, collector: 'key-secret', stdout: read(folder, 'key-file.txt') }] : []),
  ]);
}

const agents: readonly [string, Intent][] = [
  ['v1.14.5-ipsec-vxlan', sampleIntent('ipsec', { profile: '1.14', perTunnelKeys: false })],
  ['v1.17.8-ipsec-vxlan', sampleIntent('ipsec', { profile: '1.17' })],
  ['v1.18.3-ipsec-vxlan', sampleIntent('ipsec', { profile: '1.18' })],
  ['v1.20dev-ipsec-vxlan', sampleIntent('ipsec', { profile: '1.20' })],
  ['v1.14.5-wireguard-vxlan', sampleIntent('wireguard', { profile: '1.14' })],
  ['v1.18.3-wireguard-vxlan', sampleIntent('wireguard', { profile: '1.18' })],
  ['v1.18.3-wireguard-nodeenc-vxlan', sampleIntent('wireguard', { profile: '1.18', nodeEncryption: true })],
];

/** Only node1 was recorded: what needs the peer is inconclusive, and these are the checks that its half alone can support. */
const ONE_NODE = new Set(['PRE-06', 'CFG-08', 'XFR-04', 'CFG-02', 'CFG-03', 'CFG-04', 'WGD-05', 'WGD-06', 'XFR-09']);

describe.each(agents)('healthy agent %s', (folder, intent) => {
  for (const check of checks.filter((c) => c.modes.includes(intent.mode)))
    test(`${check.id} does not contradict`, async (ctx) => {
      ctx.skip(!existsSync(room), 'the recordings of real agents are not beside the project');
      const recording = sampleRecording(intent, clusterOf(folder), outputsOf(folder));
      const finding = await judgeState(recording, check);
      expect(finding.verdict, `${finding.reason}\nexpected: ${finding.expected}`).not.toBe('contradicts');
      if (finding.verdict === 'inconclusive')
        expect(finding.reason, 'only what was not recorded may be missing').not.toMatch(
          /not understood|node1 \S+: (?!clock|uname|ip-route-get)/,
        );
      else if (!ONE_NODE.has(check.id)) expect(finding.verdict, finding.reason).not.toBe('supports');
    });
});

describe('the fault that a real agent had', () => {
  test('out policies deleted (1.18.3)', async (ctx) => {
    ctx.skip(!existsSync(room), 'the recordings of real agents are not beside the project');
    const folder = 'v1.18.3-ipsec-vxlan';
    const outputs = outputsOf(folder).map((o) => (o.collector === 'xfrm-policy' ? { ...o, stdout: withoutOut(o.stdout) } : o));
    const recording = sampleRecording(sampleIntent('ipsec'), clusterOf(folder), outputs);
    for (const id of ['XFR-06', 'XFR-07']) {
      const check = checks.find((c) => c.id === id);
      expect(check).toBeDefined();
      if (check !== undefined) expect((await judgeState(recording, check)).verdict, id).toBe('contradicts');
    }
  });
});

function withoutOut(text: string): string {
  return text
    .split(/^(?=src )/m)
    .filter((policy) => !policy.includes('dir out'))
    .join('');
}
