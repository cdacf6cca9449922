import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ExitError } from './exit-error.ts';
import { planRun } from './plan-run.ts';
import type { RunFlags } from './run-flags.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-plan-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder with this wirewitness.yaml; none without text. */
function folderWith(yaml?: string): string {
  const folder = mkdtempSync(join(root, 'folder-'));
  if (yaml !== undefined) writeFileSync(join(folder, 'wirewitness.yaml'), yaml);
  return folder;
}

const plan = (flags: RunFlags, yaml?: string) => planRun(flags, folderWith(yaml));

const DEFAULTS = {
  stack: 'cilium',
  routing: 'vxlan',
  profile: '1.16',
  nodeEncryption: false,
  strictMode: false,
  families: ['ipv4'],
};

const FULL = `intent:
  mode: wireguard
  routing: native
  profile: "1.18"
  nodeEncryption: true
  strictMode: false
  perTunnelKeys: false
  families: [ipv4]
target: lab
nodes: 4
out: proof
`;

test('a fault of one mode leaves the other mode out where none was named', async () => {
  expect((await plan({ fault: 'L03' }, undefined)).intents.map(({ mode }) => mode)).toEqual(['ipsec']);
  expect((await plan({ fault: 'L17' }, undefined)).intents.map(({ mode }) => mode)).toEqual(['wireguard']);
  expect((await plan({ fault: 'L01' }, undefined)).intents.map(({ mode }) => mode)).toEqual(['ipsec', 'wireguard']);
});

describe('merges flags over the file over the defaults', () => {
  test('the defaults', async () => {
    expect(await plan({})).toEqual({
      target: 'lab',
      intents: [
        { ...DEFAULTS, mode: 'ipsec', perTunnelKeys: true },
        { ...DEFAULTS, mode: 'wireguard', perTunnelKeys: false },
      ],
      nodes: 3,
      scenario: 'steady',
      sampling: {},
      fault: null,
      keys: {},
      out: 'wirewitness-out',
    });
  });

  test('every key of the file', async () => {
    expect(await plan({}, FULL)).toEqual({
      target: 'lab',
      intents: [{ ...DEFAULTS, mode: 'wireguard', routing: 'native', profile: '1.18', nodeEncryption: true, perTunnelKeys: false }],
      nodes: 4,
      scenario: 'steady',
      sampling: {},
      fault: null,
      keys: {},
      out: 'proof',
    });
  });

  test('every flag over the file', async () => {
    const yaml = 'intent: {mode: wireguard, routing: native, profile: "1.18"}\nnodes: 4\nout: proof\n';
    const flags = { mode: 'ipsec', routing: 'geneve', profile: '1.17', nodes: '2', out: 'other', fault: 'L01' } as const;
    expect(await plan(flags, yaml)).toMatchObject({
      intents: [{ mode: 'ipsec', routing: 'geneve', profile: '1.17' }],
      nodes: 2,
      out: 'other',
      fault: 'L01',
    });
  });

  test('--config names another file than the folder’s', async () => {
    const folder = folderWith('nodes: 4\n');
    writeFileSync(join(folder, 'other.yaml'), 'nodes: 5\n');
    expect((await planRun({ config: join(folder, 'other.yaml') }, folder)).nodes).toBe(5);
    await expect(planRun({ config: join(folder, 'absent.yaml') }, folder)).rejects.toThrow(/absent\.yaml: cannot be read/);
  });

  test('per-tunnel keys follow the profile, unless the file says otherwise', async () => {
    const keys = async (flags: RunFlags, yaml?: string) => (await plan({ mode: 'ipsec', ...flags }, yaml)).intents[0]?.perTunnelKeys;
    expect(await keys({ profile: '1.14' })).toBe(false);
    expect(await keys({ profile: '1.18' })).toBe(true);
    expect(await keys({ profile: '1.18' }, 'intent: {perTunnelKeys: false}\n')).toBe(false);
  });

  test('with both modes, node encryption speaks of WireGuard and per-tunnel keys of IPsec', async () => {
    const { intents } = await plan({ nodeEncryption: true }, 'intent: {perTunnelKeys: true}\n');
    expect(intents.map((i) => [i.mode, i.nodeEncryption, i.perTunnelKeys])).toEqual([
      ['ipsec', false, true],
      ['wireguard', true, false],
    ]);
  });

  test('a patch release is judged and set up as its minor version', async () => {
    expect((await plan({ profile: '1.18.3' })).intents.map((i) => i.profile)).toEqual(['1.18', '1.18']);
  });
});

describe('refuses what the lab cannot lay out, naming the operand and the limit', () => {
  const CASES: [string, RunFlags, string | undefined, RegExp][] = [
    [
      'strict mode before IPsec had it',
      { mode: 'ipsec', profile: '1.18' },
      'intent: {strictMode: true}\n',
      /^wirewitness\.yaml: intent\.strictMode true: Cilium 1\.18\.3 has no strict mode for ipsec/,
    ],
    [
      'strict mode before WireGuard had it',
      { mode: 'wireguard', profile: '1.14' },
      'intent: {strictMode: true}\n',
      /1\.14\.5 has no strict mode for wireguard/,
    ],
    ['strict mode without encryption', { mode: 'none' }, 'intent: {strictMode: true}\n', /but the mode is none$/],
    ['IPv6 alone with IPsec', {}, 'intent: {families: [ipv6]}\n', /^wirewitness\.yaml: intent\.families \["ipv6"\]: IPv6 alone .*#40877/],
    [
      'IPv6 alone in a tunnel',
      { mode: 'wireguard', families: 'ipv6' },
      undefined,
      /^--families ipv6: .*over vxlan: .*tunnels run over IPv4/,
    ],
    ['a family that is none', { families: 'ipv4,ipv5' }, undefined, /^--families ipv4,ipv5: "ipv5"/],
    ['a family twice', { families: 'ipv4,ipv4' }, undefined, /^--families ipv4,ipv4: "ipv4"; each of ipv4, ipv6 at most once$/],
    ['node encryption with IPsec', { mode: 'ipsec', nodeEncryption: true }, undefined, /^--node-encryption: only WireGuard .*--mode ipsec/],
    [
      'the file’s, with --mode',
      { mode: 'ipsec' },
      'intent: {nodeEncryption: true}\n',
      /^wirewitness\.yaml: intent\.nodeEncryption true: only/,
    ],
    [
      'per-tunnel keys with 1.14',
      { profile: '1.14' },
      'intent: {perTunnelKeys: true}\n',
      /^wirewitness\.yaml: intent\.perTunnelKeys true: Cilium 1\.14\.5 refuses/,
    ],
    ['per-tunnel keys with WireGuard', { mode: 'wireguard' }, 'intent: {perTunnelKeys: true}\n', /only IPsec has it/],
    ['profile 1.6', { profile: '1.6' }, undefined, /^--profile 1\.6: .*cannot be set up; known: 1\.14, 1\.15, .*\d$/],
    ['profile 1.6 of the file', {}, 'intent: {profile: "1.6"}\n', /^wirewitness\.yaml: intent\.profile "1\.6": .*cannot be set up/],
    ['a version nobody knows', { profile: '1.13' }, undefined, /^--profile 1\.13: no profile is known/],
    ['too many nodes', { nodes: '10' }, undefined, /^--nodes 10: must be a whole number from 2 to 9$/],
    ['no number of nodes', { nodes: 'three' }, 'nodes: 3\n', /^--nodes three: /],
    ['an unknown fault', { fault: 'L99' }, undefined, /^--fault L99: unknown; the lab knows L01, /],
    ['a fault of the other mode', { fault: 'L03', mode: 'wireguard' }, undefined, /^--fault L03: cannot be made with wireguard, vxlan, /],
    [
      'an agent that starts, in kind with Cilium',
      { scenario: 'agent-start', target: 'kind' },
      undefined,
      /^--scenario agent-start: only the lab, /,
    ],
    [
      'a node that restarts, outside the lab',
      { scenario: 'node-restart', target: 'kind' },
      undefined,
      /^--scenario node-restart: only the nodes of the lab /,
    ],
    ['a misspelt claim', {}, 'intent: {strict: true}\n', /wirewitness\.yaml:1:10: unknown key "strict"/],
  ];
  test.each(CASES)('%s', async (_, flags, yaml, message) => {
    const error: unknown = await plan(flags, yaml).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ExitError);
    expect(error).toMatchObject({ exitCode: 3, message: expect.stringMatching(message) });
  });
});
