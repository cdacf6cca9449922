import { afterEach, describe, expect, test } from 'vitest';
import type { Intent } from '../../harness/model/intent.ts';
import { sampleIntent } from '../../harness/testing/two-nodes.ts';
import { kindProvider } from './provider.ts';

const INTENT = sampleIntent('wireguard');
const provider = (datapath: 'cilium' | 'reference', ciliumVersion = '1.18.3') =>
  kindProvider({ datapath, ciliumVersion, nodes: 2, scenario: 'steady', keep: false, progress: () => {} });

describe('a claim is refused by who cannot lay it out', () => {
  test('dual stack: by the reference datapath on kind, not by Cilium there', () => {
    const dual: Intent = { ...INTENT, families: ['ipv4', 'ipv6'] };
    expect(provider('reference').refuse(dual)).toMatchObject({ claim: 'families' });
    expect(provider('cilium').refuse(dual)).toBeNull();
  });

  test('TLS: by both', () => {
    const tls: Intent = { ...INTENT, stack: 'mesh-tls', mode: 'tls', routing: 'native', profile: 'hbone' };
    expect(provider('reference').refuse(tls)).toMatchObject({ claim: 'mode' });
    expect(provider('cilium').refuse(tls)).toMatchObject({ claim: 'mode' });
  });

  test('strict mode: by a release that has none', () => {
    expect(provider('cilium', '1.14.5').refuse({ ...INTENT, strictMode: true })).toMatchObject({ claim: 'strictMode' });
    expect(provider('cilium').refuse({ ...INTENT, strictMode: true })).toBeNull();
  });

  test('per-tunnel keys: by a release whose agents end on them', () => {
    const ipsec: Intent = { ...INTENT, mode: 'ipsec', perTunnelKeys: true };
    expect(provider('cilium', '1.14.5').refuse(ipsec)).toMatchObject({ claim: 'perTunnelKeys' });
    expect(provider('cilium', '1.14.9').refuse(ipsec)).toBeNull();
  });
});

describe('a machine without the programs', () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  test.each([
    ['cilium', /neither `cilium` nor `helm`/],
    ['reference', /kind is not on the PATH/],
  ] as const)('%s: what lacks, and what to do', async (datapath, lacks) => {
    process.env.PATH = '/nowhere';
    expect(await provider(datapath).detect()).toMatchObject({
      available: false,
      lacks: expect.stringMatching(lacks),
      remedy: expect.stringMatching(/https:/),
    });
  });
});
