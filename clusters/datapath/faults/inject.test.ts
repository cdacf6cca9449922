import { describe, expect, test } from 'vitest';
import { keyPattern } from '../../../harness/decode/secrets/key-pattern.ts';
import type { ClusterDescription } from '../../../harness/model/cluster.ts';
import type { Intent } from '../../../harness/model/intent.ts';
import type { RunningCommand, Shell } from '../../../harness/model/shell.ts';
import type { NodeKeeper } from '../course.ts';
import { createDatapath } from '../datapath.ts';
import { layoutRefusal } from '../layout-refusal.ts';
import { DATAPATH_FAULTS } from './catalogue.ts';
import { fittingCell } from './cells.ts';

const nodes: ClusterDescription['nodes'] = ['1', '2'].map((n) => ({
  name: `node${n}`,
  addresses: [`172.18.0.${n}`, `fd00:172:18::${n}`],
  podCidrs: [`10.0.${n}.0/24`, `fd00:10:0:${n}::/64`],
  internalAddresses: [`10.0.${n}.1`, `fd00:10:0:${n}::1`],
  health: { addresses: [`10.0.${n}.254`, `fd00:10:0:${n}::fe`], port: 4240 },
  uplink: 'eth0',
}));
const pods: ClusterDescription['pods'] = ['1', '2'].map((n) => ({
  name: `pod${n}`,
  namespace: 'demo',
  node: `node${n}`,
  addresses: [`10.0.${n}.11`, `fd00:10:0:${n}::11`],
  labels: {},
}));

/** Takes every command for done, and keeps what it was told. */
function deafShell(name: string, told: string[]): Shell {
  const running: RunningCommand = {
    ready: async () => 'replaying on eth0',
    stop: () => running.ended,
    ended: Promise.resolve({ argv: [], exitCode: 0, stdout: '', stderr: '' }),
  };
  return {
    name,
    run: async (argv, options) => {
      told.push(`${name}: ${argv.join(' ')} ${String(options?.stdin ?? '')}`);
      return { argv, exitCode: 0, stdout: '', stderr: '' };
    },
    start: async (argv) => {
      told.push(`${name}: ${argv.join(' ')}`);
      return running;
    },
    fetch: async () => undefined,
  };
}

/** Does nothing, and keeps what it was asked for. */
function keeper(told: string[]): NodeKeeper {
  const note = (what: string) => async (name: string) => void told.push(`${what} ${name}`);
  return { cutOff: note('cut off'), boot: note('boot'), removeModule: note('remove'), loadModule: note('load') };
}

const intents = (['ipsec', 'wireguard'] as const).flatMap((mode) =>
  (['vxlan', 'geneve', 'native'] as const).flatMap((routing) =>
    ['1.14', '1.16', '1.17', '1.18', '1.20'].flatMap((profile) =>
      (mode === 'wireguard' ? [false, true] : [false]).flatMap((nodeEncryption) =>
        ([['ipv4'], ['ipv4', 'ipv6']] as const).map(
          (families): Intent => ({
            stack: 'cilium',
            mode,
            routing,
            profile,
            nodeEncryption,
            families,
            strictMode: false,
            perTunnelKeys: mode === 'ipsec' && profile !== '1.14',
          }),
        ),
      ),
    ),
  ),
);

const made = DATAPATH_FAULTS.filter(({ when }) => when !== 'scenario' && when !== 'false-answers');

describe.each(made.map((fault) => [fault.id, fault] as const))('%s', (id, fault) => {
  test('is made in every layout it has a cell for, and refused in all others', async () => {
    for (const intent of intents.filter((candidate) => layoutRefusal(candidate) === null)) {
      const told: string[] = [];
      const shell = (name: string) => deafShell(name, told);
      const datapath = createDatapath({ intent, nodes, pods, host: shell, pod: shell, nodeKeeper: keeper(told) });
      const layout = JSON.stringify(intent);
      if (fittingCell(fault, intent) === undefined) {
        await expect(datapath.faults.inject(id), layout).rejects.toThrow(RangeError);
        continue;
      }
      if (fault.when !== 'instead-of-enable') await datapath.enable();
      const before = told.length;
      await datapath.faults.inject(id);
      if (fault.when === 'instead-of-enable') await datapath.enable();
      // The one that is made on the API's side tells no shell anything.
      if (id !== 'L19') expect(told.length, layout).toBeGreaterThan(before);
      expect(told.slice(before).join('\n'), layout).not.toMatch(/undefined|\[object/);
    }
  });
});

test('the key of L73 is one that the recorder knows to be public', async () => {
  const intent = intents.find(({ mode, profile }) => mode === 'ipsec' && profile === '1.18');
  if (intent === undefined) throw new Error('no such intent');
  const told: string[] = [];
  const shell = (name: string) => deafShell(name, told);
  const datapath = createDatapath({ intent, nodes, pods, host: shell, pod: shell });
  await datapath.faults.inject('L73');
  await datapath.enable();
  const patterns: string[] = [];
  datapath.keys.eachSecret?.((secret) => patterns.push(keyPattern(secret)));
  expect(patterns).toContain('published');
});

test.each(['L54', 'L55'])('%s is taken back with the layout', async (id) => {
  const intent = intents.find(({ mode, profile }) => mode === 'ipsec' && profile === '1.18');
  if (intent === undefined) throw new Error('no such intent');
  const told: string[] = [];
  // A node that is clean says so, and nothing else.
  const shell = (name: string): Shell => {
    const deaf = deafShell(name, told);
    const clean = '#state\n#policy\n#rule\n#route\n#device\n#nft\n#end\n';
    return { ...deaf, run: async (argv, options) => ({ ...(await deaf.run(argv, options)), stdout: clean }) };
  };
  const datapath = createDatapath({ intent, nodes, pods, host: shell, pod: shell, nodeKeeper: keeper(told) });
  await datapath.enable();
  await datapath.faults.inject(id);
  const before = told.length;
  await datapath.disable();
  expect(told.slice(before)[0]).toMatch(id === 'L54' ? /rm -f \/etc\/modprobe\.d\/wirewitness-l54\.conf/ : /^load esp4$/);
});
