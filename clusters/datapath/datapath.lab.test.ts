import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster, PodDescription } from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import { sampleIntent } from '../../harness/testing/two-nodes.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { openInLab } from '../lab/provider.ts';
import { missingRequirements } from '../lab/requirements.ts';
import { clusterContract } from '../testdata/cluster-contract.ts';
import { applyScript } from './apply.ts';
import { createDatapath } from './datapath.ts';
import { layoutProfile } from './profile.ts';

/** What the wire carries, by tcpdump's own filters; `clear` is IP that is none of the others, but for node to node by design. */
interface Wire {
  readonly esp: number;
  readonly espInTunnel: number;
  readonly tunnel: number;
  readonly wireguard: number;
  readonly clear: number;
  readonly canary: number;
}

type Shape = 'esp' | 'esp-in-tunnel' | 'wireguard' | 'tunnel' | 'clear';

const INTENT = sampleIntent('ipsec', { profile: '1.17' });

const LAYOUTS: readonly (readonly [string, Partial<Intent>, Shape])[] = [
  ['ESP in VXLAN, one key (1.14)', { profile: '1.14', perTunnelKeys: false }, 'esp-in-tunnel'],
  ['ESP in VXLAN, per-tunnel keys (1.17)', { profile: '1.17' }, 'esp-in-tunnel'],
  ['VXLAN in ESP (1.18)', { profile: '1.18' }, 'esp'],
  ['VXLAN in ESP (1.20)', { profile: '1.20' }, 'esp'],
  ['Geneve in ESP (1.18)', { profile: '1.18', routing: 'geneve' }, 'esp'],
  ['native ESP (1.18)', { profile: '1.18', routing: 'native' }, 'esp'],
  ['native ESP (1.20)', { profile: '1.20', routing: 'native' }, 'esp'],
  ['WireGuard, bare pod packet (1.14)', { mode: 'wireguard', profile: '1.14', perTunnelKeys: false }, 'wireguard'],
  ['WireGuard, VXLAN inside (1.18)', { mode: 'wireguard', profile: '1.18' }, 'wireguard'],
  ['native WireGuard (1.18)', { mode: 'wireguard', profile: '1.18', routing: 'native' }, 'wireguard'],
  ['WireGuard with node encryption (1.18)', { mode: 'wireguard', profile: '1.18', nodeEncryption: true }, 'wireguard'],
  ['plain VXLAN', { mode: 'none', profile: '1.18' }, 'tunnel'],
  ['plain native', { mode: 'none', profile: '1.18', routing: 'native' }, 'clear'],
];

const CANARY = 'CANARY';
const LAB_LIMIT_MS = 180_000;
const LAYOUT_LIMIT_MS = 120_000;

const missing = (await missingRequirements()).map(({ program }) => program);

describe.skipIf(missing.length > 0)(`layouts in the lab${missing.length > 0 ? ` (this machine lacks ${missing.join(', ')})` : ''}`, () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ nodes: 3 });
  }, LAB_LIMIT_MS);
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  });

  describe('a cluster of the lab', () => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await openInLab(lab, INTENT);
      await cluster.enableEncryption?.();
    }, LAYOUT_LIMIT_MS);
    afterAll(async () => {
      await cluster[Symbol.asyncDispose]();
    }, LAYOUT_LIMIT_MS);
    for (const { title, verify } of clusterContract) test(title, () => verify(cluster), LAYOUT_LIMIT_MS);
  });

  test.each(LAYOUTS)(
    '%s',
    async (_name, part, shape) => {
      const intent = { ...INTENT, ...part };
      const { nodes, pods } = lab.description;
      const datapath = createDatapath({ intent, nodes, pods, host: lab.host, pod: lab.pod });
      await datapath.layPlain();
      const began = performance.now();
      await datapath.enable();
      const took = performance.now() - began;
      const { wire, lost } = await drive(lab);
      const status = (await datapath.agent('node1').run(['cilium-dbg', 'encrypt', 'status'])).stdout;
      console.log(`${_name}: enabled in ${took.toFixed(0)} ms; ${JSON.stringify(wire)}; ${status.split('\n').join(' | ')}`);
      expect(lost, 'unanswered').toEqual(dropsLargeEcho(intent) ? largePings(lab) : []);
      expectShape(wire, shape);
      expect(status).toContain(`Encryption: ${intent.mode === 'none' ? 'Disabled' : intent.mode === 'ipsec' ? 'IPsec' : 'Wireguard'}`);
      expect(await xfrmErrors(lab)).toEqual([]);
      if (intent.nodeEncryption) expect(wire.wireguard).toBeGreaterThan(await nodeToNode(lab));
      await datapath.disable();
    },
    LAYOUT_LIMIT_MS,
  );

  test(
    'L01: claimed, but really off',
    async () => {
      const { nodes, pods } = lab.description;
      const datapath = createDatapath({ intent: INTENT, nodes, pods, host: lab.host, pod: lab.pod });
      await datapath.faults.inject('L01');
      await datapath.enable();
      expect((await datapath.agent('node1').run(['cilium-dbg', 'status'])).stdout).toMatch(/^Encryption: +Disabled/m);
      expect((await datapath.agent('node1').run(['cilium-dbg', 'config', '--all'])).stdout).toMatch(/^EnableIPSec +: false/m);
      expectShape((await drive(lab)).wire, 'tunnel');
      await datapath.disable();
    },
    LAYOUT_LIMIT_MS,
  );

  test(
    'L05: one direction in the clear, every ping answered',
    async () => {
      const { nodes, pods } = lab.description;
      const intent = { ...INTENT, profile: '1.18' };
      const datapath = createDatapath({ intent, nodes, pods, host: lab.host, pod: lab.pod });
      await datapath.enable();
      await datapath.faults.inject('L05');
      const { wire, lost } = await drive(lab);
      expect(lost).toEqual(largePings(lab));
      expect(wire.tunnel).toBeGreaterThan(0);
      expect(wire.canary).toBeGreaterThan(0);
      await datapath.disable();
    },
    LAYOUT_LIMIT_MS,
  );
});

function expectShape(wire: Wire, shape: Shape): void {
  const only = { esp: 0, espInTunnel: 0, tunnel: 0, wireguard: 0, clear: 0 };
  const member = { esp: 'esp', 'esp-in-tunnel': 'espInTunnel', wireguard: 'wireguard', tunnel: 'tunnel', clear: 'clear' } as const;
  const seen = wire[member[shape]];
  expect(seen, `${shape} frames`).toBeGreaterThan(50);
  const { canary, ...classes } = wire;
  expect(classes).toEqual({ ...only, [member[shape]]: seen });
  if (shape === 'tunnel' || shape === 'clear') expect(canary).toBeGreaterThan(0);
  else expect(canary).toBe(0);
}

/** One pod a node, where there is one that speaks HTTP. */
function onePodANode({ description }: Lab): PodDescription[] {
  return description.nodes.map((node) => {
    const here = description.pods.filter((pod) => pod.node === node.name);
    const pod = here.find((candidate) => candidate.httpPort !== undefined) ?? here[0];
    if (pod === undefined) throw new Error(`no pod on ${node.name}`);
    return pod;
  });
}

const name = (pod: PodDescription) => `${pod.namespace}/${pod.name}`;

/** Versions that drop a fragmented echo do so wherever they encrypt. */
function dropsLargeEcho({ mode, profile }: Intent): boolean {
  return mode !== 'none' && layoutProfile(profile).dropsFragmentedEcho;
}

/** How {@link drive} names every large ping as lost. */
function largePings(lab: Lab): string[] {
  const chosen = onePodANode(lab);
  return chosen.flatMap((source) => chosen.filter((pod) => pod !== source).map((pod) => `${name(source)}: large ping ${name(pod)}`));
}

/** Pings of two packets each way between one pod a node, a large one, and HTTP, under a capture on the wire. */
async function drive(lab: Lab): Promise<{ wire: Wire; lost: string[] }> {
  const chosen = onePodANode(lab);
  const file = '/tmp/layout.pcap';
  const capture = await lab.wire.shell.start([
    ...['tcpdump', '-Z', 'root', '-n', '-U', '--immediate-mode', '-i', lab.wire.interface, '-w', file],
  ]);
  await capture.ready(/listening on/);
  const lost: string[] = [];
  for (const source of chosen) {
    const targets = chosen.filter((pod) => pod !== source);
    const lines = targets.flatMap((pod) => [
      `ping -c 5 -i 0.2 -W 2 -q -p 43414e415259 ${pod.addresses[0]} >/dev/null || echo ping ${name(pod)}`,
      `ping -c 1 -W 2 -q -s 3000 ${pod.addresses[0]} >/dev/null || echo large ping ${name(pod)}`,
      ...(pod.httpPort === undefined
        ? []
        : [
            `wget -q -O /dev/null --header 'X-Canary: ${CANARY}' http://${pod.addresses[0]}:${pod.httpPort}/ 2>&1 | grep -v '40[0-9]' | sed 's|^|http ${name(pod)} |'`,
          ]),
    ]);
    const output = await applyScript(lab.pod(name(source)), `${lines.join('\n')}\n:\n`, 'driving traffic');
    lost.push(
      ...output
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => `${name(source)}: ${line}`),
    );
  }
  const ended = await capture.stop();
  expect(ended.stderr).toMatch(/\b0 packets dropped by kernel/);
  const count = (filter: string) => `tcpdump -n -r ${file} '${filter}' 2>/dev/null | grep -c '^[0-9]' || :`;
  const tunnel = '(udp port 8472 or udp port 6081)';
  // In a tunnel's datagram: inner IPv4 protocol at 8 (UDP) + 8 (tunnel) + 14 (Ethernet) + 9.
  const inner = 'udp[39] = 50';
  const filters = ['esp', `${tunnel} and ${inner}`, `${tunnel} and not ${inner}`, 'udp port 51871'];
  const rest = `ip and not esp and not ${tunnel} and not udp port 51871`;
  const text = await applyScript(
    lab.wire.shell,
    `${[...filters, rest].map(count).join('\n')}\ngrep -ac ${CANARY} ${file} || :\nrm ${file}\n`,
    'reading the wire',
  );
  const [esp = -1, espInTunnel = -1, inTunnel = -1, wireguard = -1, clear = -1, canary = -1] = text.trim().split('\n').map(Number);
  return { wire: { esp, espInTunnel, tunnel: inTunnel, wireguard, clear, canary }, lost };
}

/** WireGuard frames of 3 pings from node to node; throws when a bare one was seen. */
async function nodeToNode(lab: Lab): Promise<number> {
  const [first, second] = lab.description.nodes;
  const capture = await lab.wire.shell.start(['tcpdump', '-Z', 'root', '-n', '-l', '--immediate-mode', '-i', lab.wire.interface, 'ip']);
  await capture.ready(/listening on/);
  await applyScript(lab.host(first!.name), `ping -c 3 -i 0.2 -W 2 -q ${second!.addresses[0]} >/dev/null\n`, 'pinging the node');
  const { stdout } = await capture.stop();
  const lines = stdout.split('\n').filter((line) => line !== '');
  expect(lines.filter((line) => !line.includes('.51871'))).toEqual([]);
  return lines.length;
}

/** Counters of /proc/net/xfrm_stat that are not zero, as `node name count`. */
async function xfrmErrors(lab: Lab): Promise<string[]> {
  const all = await Promise.all(
    lab.description.nodes.map(async ({ name }) => {
      const stat = await applyScript(lab.host(name), 'cat /proc/net/xfrm_stat\n', 'reading xfrm_stat');
      return [...stat.matchAll(/^(\w+)\s+([1-9]\d*)$/gm)].map((found) => `${name} ${found[1]} ${found[2]}`);
    }),
  );
  return all.flat();
}
