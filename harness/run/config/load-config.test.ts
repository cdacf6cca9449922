import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExitError } from '../exit-error.ts';
import { configFor, loadConfig, parseConfig } from './load-config.ts';

/** The message of a refusal. */
function refusal(text: string): string {
  try {
    parseConfig(text, 'w.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(ExitError);
    expect((error as ExitError).exitCode).toBe(3);
    return (error as ExitError).message;
  }
  throw new Error(`accepted: ${text}`);
}

test('reads every key', () => {
  const text = `intent:
  mode: ipsec
  routing: native
  profile: "1.20"
  nodeEncryption: false
  strictMode: true
  perTunnelKeys: true
  families: [ipv4, ipv6]
target: lab
nodes: 4
context: prod
kubeconfig: prod.yaml
namespace: wirewitness
nodeSelector: {pool: apps}
ciliumNamespace: cilium
environment: pre-production
image: registry/w@sha256:00
history: history
keepDays: 400
waivers: waivers.yaml
controls: [house.yaml]
scope: {paymentCardData: true, soc2Scope: false}
out: proof
`;
  expect(parseConfig(text, 'w.yaml')).toEqual({
    intent: {
      mode: 'ipsec',
      routing: 'native',
      profile: '1.20',
      nodeEncryption: false,
      strictMode: true,
      perTunnelKeys: true,
      families: ['ipv4', 'ipv6'],
    },
    target: 'lab',
    nodes: 4,
    context: 'prod',
    kubeconfig: 'prod.yaml',
    namespace: 'wirewitness',
    nodeSelector: { pool: 'apps' },
    ciliumNamespace: 'cilium',
    environment: 'pre-production',
    image: 'registry/w@sha256:00',
    history: 'history',
    keepDays: 400,
    waivers: 'waivers.yaml',
    controls: ['house.yaml'],
    scope: { paymentCardData: true, soc2Scope: false },
    out: 'proof',
  });
});

test('what the file leaves out stays undefined', () => {
  expect(parseConfig('intent: {mode: wireguard}', 'w.yaml')).toEqual({ intent: { mode: 'wireguard' } });
});

describe('refuses, with line and column and what is allowed', () => {
  test.each([
    ['a wrong value', 'intent:\n  mode: ipsce\n', /^w\.yaml:2:9: intent\.mode: .*"ipsec"\|"wireguard"\|"tls"\|"none"/],
    [
      'an unknown key',
      'nodes: 3\nintnet: {}\n',
      /^w\.yaml:2:1: unknown key "intnet"; allowed here: intent, target, nodes, context, .*waivers, controls, advisories, scope, out$/,
    ],
    [
      'an unknown claim',
      'intent:\n  routing: vxlan\n  strict: true\n',
      /^w\.yaml:3:3: unknown key "strict"; allowed here: stack, mode, .*strictMode/,
    ],
    ['a version that YAML took for a number', 'intent:\n  profile: 1.20\n', /^w\.yaml:2:12: intent\.profile: .*in quotes/],
    ['too many nodes', 'nodes: 10\n', /^w\.yaml:1:8: nodes: at most 9$/],
    ['half a node', 'nodes: 2.5\n', /^w\.yaml:1:8: nodes: /],
    ['a family twice', 'intent:\n  families: [ipv4, ipv4]\n', /^w\.yaml:2:13: intent\.families: each family once$/],
    ['no family', 'intent:\n  families: []\n', /^w\.yaml:2:13: /],
    ['a key twice', 'nodes: 2\nnodes: 3\n', /^w\.yaml:2:1: .*unique/],
    ['broken YAML', 'intent: {mode: ipsec\n', /^w\.yaml:\d+:\d+: /],
    ['a fact that is neither true nor false', 'scope:\n  soc2Scope: maybe\n', /^w\.yaml:2:14: scope\.soc2Scope: true or false/],
    ['a list', '- nodes\n', /^w\.yaml:1:1: /],
    ['an empty file', '# nothing\n', /^w\.yaml:1:1: the file is empty/],
  ])('%s', (_, text, message) => expect(refusal(text)).toMatch(message));
});

test('names every mistake, one a line', () => {
  expect(refusal('nodes: 1\ntarget: moon\n').split('\n')).toHaveLength(2);
});

test('a file that is not there is a usage error that names it', async () => {
  await expect(loadConfig('absent.yaml')).rejects.toThrow('absent.yaml: cannot be read: ENOENT');
});

test('wirewitness.yaml is read where there is one, and a named file before it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  try {
    expect(await configFor(undefined, folder)).toEqual({});
    writeFileSync(join(folder, 'wirewitness.yaml'), 'nodes: 2\n');
    writeFileSync(join(folder, 'other.yaml'), 'nodes: 5\n');
    expect(await configFor(undefined, folder)).toEqual({ nodes: 2 });
    expect(await configFor(join(folder, 'other.yaml'), folder)).toEqual({ nodes: 5 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
