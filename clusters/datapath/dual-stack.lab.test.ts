import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Intent } from '../../harness/model/intent.ts';
import { sampleIntent } from '../../harness/testing/two-nodes.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { missingRequirements } from '../lab/requirements.ts';
import { applyScript } from './apply.ts';
import { createDatapath, type Datapath } from './datapath.ts';
import { layoutProfile } from './profile.ts';

const INTENT = sampleIntent('ipsec', { profile: '1.17', families: ['ipv4', 'ipv6'] });

/** `espOf6`: ESP of IPv6 can be told from IPv4's, because its SAs run between IPv6 addresses. */
const LAYOUTS: readonly (readonly [string, Partial<Intent>, { readonly espOf6: boolean }])[] = [
  ['ESP in VXLAN (1.17)', {}, { espOf6: true }],
  ['native ESP (1.18)', { profile: '1.18', routing: 'native' }, { espOf6: true }],
  ['WireGuard, bare pod packet (1.14)', { mode: 'wireguard', profile: '1.14', perTunnelKeys: false }, { espOf6: false }],
  [
    'WireGuard with node encryption (1.18)',
    { mode: 'wireguard', profile: '1.18', routing: 'native', nodeEncryption: true },
    { espOf6: false },
  ],
];

const LAB_LIMIT_MS = 180_000;
const LAYOUT_LIMIT_MS = 120_000;
const CANARY = { ipv4: 'CANARYV4', ipv6: 'CANARYV6' } as const;

const missing = (await missingRequirements()).map(({ program }) => program);

describe.skipIf(missing.length > 0)(
  `both families in the lab${missing.length > 0 ? ` (this machine lacks ${missing.join(', ')})` : ''}`,
  () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab({ nodes: 2, families: ['ipv4', 'ipv6'] });
    }, LAB_LIMIT_MS);
    afterAll(async () => {
      await lab?.[Symbol.asyncDispose]();
    });
    const datapathOf = (part: Partial<Intent>): Datapath => {
      const { nodes, pods } = lab.description;
      return createDatapath({ intent: { ...INTENT, ...part }, nodes, pods, host: lab.host, pod: lab.pod });
    };

    test.each(LAYOUTS)(
      '%s: all is answered and nothing is readable',
      async (_name, part, { espOf6 }) => {
        const datapath = datapathOf(part);
        await datapath.enable();
        const wire = await drive(lab);
        const { dropsFragmentedEcho } = layoutProfile({ ...INTENT, ...part }.profile);
        expect(wire).toMatchObject({ lost: dropsFragmentedEcho ? LARGE_IPV4 : [], canary4: 0, canary6: 0 });
        if (espOf6) expect(wire.esp6).toBeGreaterThan(10);
        else expect(wire.esp6).toBe(0);
        await datapath.disable();
      },
      LAYOUT_LIMIT_MS,
    );

    test(
      'L06: IPv6 in the clear, IPv4 encrypted, all answered',
      async () => {
        const datapath = datapathOf({});
        await datapath.enable();
        await datapath.faults.inject('L06');
        const wire = await drive(lab);
        expect(wire).toMatchObject({ lost: [], canary4: 0 });
        expect(wire.canary6).toBeGreaterThan(0);
        await datapath.disable();
      },
      LAYOUT_LIMIT_MS,
    );

    test(
      'IPv4 alone is set up in a lab that has both, and leaves nothing of IPv6',
      async () => {
        const datapath = datapathOf({ families: ['ipv4'] });
        await datapath.enable();
        const script = 'ip -6 rule; ip -6 route show table 200 2>/dev/null || :; ip xfrm policy list\n';
        expect(await applyScript(lab.host('node1'), script, 'reading IPv6')).not.toMatch(/lookup (200|2004)|::\/0 dst|fd00/);
        await datapath.disable();
      },
      LAYOUT_LIMIT_MS,
    );
  },
);

/** The large pings of IPv4, one each way, as {@link drive} names them when they are lost. */
const LARGE_IPV4 = ['ipv4 large ping', 'ipv4 large ping'];

interface Seen {
  readonly lost: string[];
  /** Frames that hold the pattern of the pings of a family. */
  readonly canary4: number;
  readonly canary6: number;
  /** ESP between IPv6 addresses, by itself or inside VXLAN over IPv4. */
  readonly esp6: number;
}

/** Small and large pings of each family between a pod of each node, under a capture on the wire. */
async function drive(lab: Lab): Promise<Seen> {
  const { nodes, pods } = lab.description;
  const ends = nodes.map((node) => pods.find((pod) => pod.node === node.name)!);
  const file = '/tmp/dual.pcap';
  const capture = await lab.wire.shell.start([
    ...['tcpdump', '-Z', 'root', '-n', '-U', '--immediate-mode', '-i', lab.wire.interface, '-w', file],
  ]);
  await capture.ready(/listening on/);
  const lost: string[] = [];
  for (const [source, target] of [ends, ends.toReversed()] as const) {
    const lines = (['ipv4', 'ipv6'] as const).flatMap((family, index) => {
      const pattern = Buffer.from(CANARY[family]).toString('hex');
      const ping = `ping -W 2 -q -i 0.2 -p ${pattern} ${target!.addresses[index]}`;
      return [`${ping} -c 5 >/dev/null || echo ${family} ping`, `${ping} -c 1 -s 3000 >/dev/null || echo ${family} large ping`];
    });
    const output = await applyScript(lab.pod(`${source!.namespace}/${source!.name}`), `${lines.join('\n')}\n:\n`, 'driving traffic');
    lost.push(...output.split('\n').filter((line) => line !== ''));
  }
  await capture.stop();
  // Inner EtherType at 8 (UDP) + 8 (VXLAN) + 12 of the datagram, the inner IPv6 next header at 8 + 8 + 14 + 6.
  const esp6 = 'ip6 proto 50 or (udp port 8472 and udp[28:2] = 0x86dd and udp[36] = 50)';
  const text = await applyScript(
    lab.wire.shell,
    `grep -ac ${CANARY.ipv4} ${file} || :\ngrep -ac ${CANARY.ipv6} ${file} || :\ntcpdump -n -r ${file} '${esp6}' 2>/dev/null | grep -c '^[0-9]' || :\nrm ${file}\n`,
    'reading the wire',
  );
  const [canary4 = -1, canary6 = -1, esp = -1] = text.trim().split('\n').map(Number);
  return { lost, canary4, canary6, esp6: esp };
}
