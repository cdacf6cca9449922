import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planRun } from './plan-run.ts';
import type { RunFlags } from './run-flags.ts';

let empty: string;
beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'ww-plan-'));
});
afterAll(() => rm(empty, { recursive: true, force: true }));

const plan = (flags: RunFlags) => planRun(flags, empty);

describe('plans for kind', () => {
  test('the reference datapath goes over native routing unless said, because any kernel can do that', async () => {
    const { kind, intents } = await plan({ target: 'kind', datapath: 'reference', mode: 'wireguard' });
    expect(kind).toMatchObject({ datapath: 'reference', keep: false });
    expect(intents).toMatchObject([{ mode: 'wireguard', routing: 'native' }]);
  });

  test('Cilium goes over vxlan unless said, and needs a release', async () => {
    const { kind, intents } = await plan({ target: 'kind', mode: 'ipsec', ciliumVersion: '1.16.2' });
    expect(kind).toMatchObject({ datapath: 'cilium', ciliumVersion: '1.16.2' });
    expect(intents).toMatchObject([{ mode: 'ipsec', routing: 'vxlan' }]);
    await expect(plan({ target: 'kind', mode: 'ipsec' })).rejects.toThrow(/--cilium-version/);
  });

  test('a file of further Helm values must be there before a cluster is made, and is for Cilium', async () => {
    const flags = { target: 'kind', mode: 'wireguard', ciliumVersion: '1.16.2', ciliumValues: 'package.json' } as const;
    expect((await plan(flags)).kind?.ciliumValues).toMatch(/^\/.*\/package\.json$/);
    await expect(plan({ ...flags, ciliumValues: 'none.yaml' })).rejects.toThrow('--cilium-values none.yaml: there is no such file');
    await expect(plan({ ...flags, datapath: 'reference' })).rejects.toThrow(/^--cilium-values package.json: Cilium is not installed/);
  });

  test('what the reference datapath cannot lay out there is refused before anything is started', async () => {
    await expect(plan({ target: 'kind', datapath: 'reference', mode: 'ipsec' })).rejects.toThrow(
      /^--mode ipsec: .*IPsec is for --datapath cilium or the lab/,
    );
  });

  test('an upgrade needs a release to go to, and Cilium', async () => {
    const upgrade = { target: 'kind', mode: 'wireguard', scenario: 'upgrade' } as const;
    await expect(plan({ ...upgrade, ciliumVersion: '1.16.2' })).rejects.toThrow(/--upgrade-to/);
    expect((await plan({ ...upgrade, ciliumVersion: '1.16.2', upgradeTo: '1.18.3' })).kind).toMatchObject({ upgradeTo: '1.18.3' });
    await expect(plan({ ...upgrade, datapath: 'reference' })).rejects.toThrow(/only kind with Cilium/);
    await expect(plan({ scenario: 'upgrade' })).rejects.toThrow(/only kind with Cilium/);
  });
});

const CLAIM = { target: 'existing', mode: 'ipsec', routing: 'vxlan', profile: '1.18' } as const;

describe('plans for an existing cluster', () => {
  test('read-only production is assumed, and nothing is created without a yes', async () => {
    const { existing } = await plan(CLAIM);
    expect(existing).toMatchObject({
      environmentClass: 'production-readonly',
      yes: false,
      observeOnly: false,
      ciliumNamespace: 'kube-system',
    });
  });

  test('nothing is broken and nothing is changed there', async () => {
    await expect(plan({ ...CLAIM, fault: 'L01' })).rejects.toThrow(
      /^--fault L01: this is for --target lab or --target kind, and the target is/,
    );
    await expect(plan({ ...CLAIM, scenario: 'rotation' })).rejects.toThrow(/name it with --disruptive rotation/);
  });

  test('a node selector is key=value', async () => {
    expect((await plan({ ...CLAIM, nodeSelector: 'pool=a,zone=b' })).existing?.nodeSelector).toEqual({ pool: 'a', zone: 'b' });
    await expect(plan({ ...CLAIM, nodeSelector: 'pool' })).rejects.toThrow(/key=value/);
  });

  test('what the lab cannot lay out can be claimed: IPv6 alone, 1.6', async () => {
    expect((await plan({ ...CLAIM, families: 'ipv6' })).intents[0]?.families).toEqual(['ipv6']);
    expect((await plan({ ...CLAIM, profile: '1.6' })).intents[0]?.profile).toBe('1.6');
    await expect(plan({ mode: 'ipsec', profile: '1.6' })).rejects.toThrow(/^--profile 1\.6: .*cannot be set up/);
  });

  test('a client outside needs pods that answer, in an existing cluster', async () => {
    expect((await plan({ ...CLAIM, clientOutside: 'local' })).existing?.clientOutside).toBe('local');
    expect((await plan(CLAIM)).existing).not.toHaveProperty('clientOutside');
    await expect(plan({ ...CLAIM, clientOutside: 'local', observeOnly: true })).rejects.toThrow(
      /^--client-outside local: needs pods that answer, and --observe-only creates nothing$/,
    );
    await expect(plan({ target: 'kind', clientOutside: 'local' })).rejects.toThrow(/this is for --target existing/);
  });

  test('a packet from outside is sent only where its cluster is named, and never where none would be sent', async () => {
    expect((await plan({ ...CLAIM, injectInbound: 'prod' })).existing?.injectInbound).toBe('prod');
    expect((await plan(CLAIM)).existing).not.toHaveProperty('injectInbound');
    await expect(plan({ ...CLAIM, injectInbound: 'prod', scenario: 'observe' })).rejects.toThrow(
      /^--inject-inbound prod: only --scenario steady sends the packet, and this is observe$/,
    );
    await expect(plan({ ...CLAIM, injectInbound: 'prod', observeOnly: true })).rejects.toThrow(/--observe-only creates nothing$/);
    await expect(plan({ target: 'lab', injectInbound: 'prod' })).rejects.toThrow(/this is for --target existing/);
  });

  test('mode, routing and version have no default there', async () => {
    await expect(plan({ target: 'existing', mode: 'ipsec' })).rejects.toThrow(/state the claim with --routing, --profile$/);
  });
});

describe('flags of another target', () => {
  test.each([
    [{ mode: 'wireguard', context: 'prod' }, /^--context prod: this is for --target existing; name the target with --target$/],
    [{ observeOnly: true }, /^--observe-only: this is for --target existing; name/],
    [{ ciliumVersion: '1.18.3' }, /^--cilium-version 1\.18\.3: this is for --target kind; name/],
    [{ target: 'lab', yes: true }, /^--yes: this is for --target existing, and the target is lab$/],
    [{ ...CLAIM, nodes: '4' }, /^--nodes 4: this is for --target lab or --target kind, and the target is existing$/],
    [{ ...CLAIM, keyId: '4' }, /^--key-id 4: this is for --target lab, and the target is existing$/],
  ] as const)('%o is refused', async (flags, message) => {
    const error: unknown = await plan(flags).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 3, message: expect.stringMatching(message) });
  });
});
