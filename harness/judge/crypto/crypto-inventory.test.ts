import { describe, expect, test } from 'vitest';
import { newAuthority } from '../../../clusters/tls/authority.ts';
import type { Intent } from '../../model/intent.ts';
import type { Recording } from '../../model/recording.ts';
import { buildRecording, instantAt, type OutputParts } from '../../testing/recording.ts';
import { sampleIntent } from '../../testing/two-nodes.ts';
import { readCryptoInventory } from './crypto-inventory.ts';

const sa = (spi: string, key: string): string => `src 10.0.1.1 dst 10.0.2.1
	proto esp spi ${spi} reqid 1 mode tunnel
	replay-window 0 flag esn
	aead rfc4106(gcm(aes)) ${key} 128
`;
const OLD = sa('0x00000003', '<key:160:aaaa>');
const NEW = sa('0x00000004', '<key:160:bbbb>');

/** Outputs read one after the other, a second apart. */
function recorded(intent: Intent, outputs: readonly Omit<OutputParts, 'snapshot'>[]): Recording {
  return buildRecording({
    intent,
    outputs: outputs.map((output, index) => ({ ...output, snapshot: 'sample', at: instantAt(index) })),
  });
}

const xfrm = (node: string, stdout: string) => ({ node, collector: 'xfrm-state', stdout });

describe('keys of several runs', () => {
  const [UNDER, NAME] = ['0'.repeat(32), '1'.repeat(32)];
  const inventory = (text: string | null) =>
    readCryptoInventory(
      buildRecording({
        intent: sampleIntent('ipsec'),
        outputs: [{ ...xfrm('node1', OLD), snapshot: 'before', at: instantAt(0) }],
        ...(text === null ? {} : { files: { 'comparable-keys.json': text } }),
      }),
    );

  test('are named only where the run had a secret for it', async () => {
    expect((await inventory(null)).compared).toEqual([]);
    const { compared, gaps } = await inventory(JSON.stringify({ schema: 1, under: UNDER, keys: { aaaa: NAME, bbbb: NAME } }));
    expect(compared).toEqual([{ under: UNDER, names: [NAME], more: 0 }]);
    expect(gaps).not.toContainEqual(expect.stringContaining('comparable-keys'));
  });

  test('more of them than a history holds are counted', async () => {
    const keys = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}`, index.toString(16).padStart(32, '0')]));
    const { compared } = await inventory(JSON.stringify({ schema: 1, under: UNDER, keys }));
    expect(compared?.map(({ names, more }) => [names.length, more])).toEqual([[256, 44]]);
  });

  test('a file that cannot be read is a gap', async () => {
    for (const text of ['{', '{"schema":1,"under":"x","keys":{}}']) {
      const { compared, gaps } = await inventory(text);
      expect(compared).toEqual([]);
      expect(gaps).toContainEqual(expect.stringMatching(/^comparable-keys\.json: cannot be read/));
    }
  });
});

describe('IPsec', () => {
  test('each key of each SA is an asset with the times between which it was in the kernel of its nodes', async () => {
    const readings = [
      xfrm('node1', OLD),
      xfrm('node2', OLD),
      xfrm('node1', OLD + NEW),
      xfrm('node2', OLD + NEW),
      xfrm('node1', NEW),
      xfrm('node2', NEW),
    ];
    const { assets } = await readCryptoInventory(recorded(sampleIntent('ipsec'), readings));
    expect(assets).toMatchObject([
      {
        kind: 'ipsec-association',
        spi: '0x00000003',
        esn: true,
        mode: 'tunnel',
        algorithms: [{ role: 'aead', name: 'rfc4106(gcm(aes))', keyBits: 160, icvBits: 128, fingerprint: 'aaaa' }],
        firstSeen: '2026-01-01T00:00:00.000Z',
        lastSeen: '2026-01-01T00:00:03.000Z',
        goneBy: '2026-01-01T00:00:05.000Z',
        nodes: ['node1', 'node2'],
      },
      { spi: '0x00000004', firstSeen: '2026-01-01T00:00:02.000Z', goneBy: null },
    ]);
  });

  test('an SA that one node still has is not gone', async () => {
    const readings = [xfrm('node1', OLD), xfrm('node2', OLD), xfrm('node1', ''), xfrm('node2', OLD)];
    const { assets } = await readCryptoInventory(recorded(sampleIntent('ipsec'), readings));
    expect(assets).toMatchObject([{ goneBy: null }]);
  });

  test('an SPI that gets another key is another asset', async () => {
    const readings = [xfrm('node1', OLD), xfrm('node1', sa('0x00000003', '<key:160:cccc>'))];
    const { assets } = await readCryptoInventory(recorded(sampleIntent('ipsec'), readings));
    expect(assets).toMatchObject([{ goneBy: '2026-01-01T00:00:01.000Z' }, { spi: '0x00000003', goneBy: null }]);
  });

  test('what cannot be read is a gap that names the place, and nothing recorded is one too', async () => {
    const readings = [
      xfrm('node1', 'nonsense\n'),
      { ...xfrm('node2', ''), exitCode: 1, stderr: 'RTNETLINK: no\n' },
      xfrm('node2', OLD.slice(0, 90)),
    ];
    const { assets, gaps } = await readCryptoInventory(recorded(sampleIntent('ipsec'), readings));
    expect(assets).toEqual([]);
    expect(gaps).toContain('the recording has no key-secret');
    expect(gaps.join('\n')).toMatch(/node1 sample: xfrm-state \(.*line 1 not understood/);
    expect(gaps.join('\n')).toMatch(/node2 sample: xfrm-state \(.*ended with 1: RTNETLINK: no/);
    expect(gaps.join('\n')).toMatch(/was cut off/);
    expect((await readCryptoInventory(recorded(sampleIntent('ipsec'), []))).gaps).toEqual([
      'the recording has no key-secret',
      'the recording has no xfrm-state',
    ]);
  });
});

describe('WireGuard', () => {
  const key = (letter: string) => `${letter.repeat(42)}A=`;

  test('a key pair that is replaced while samples are taken is two assets', async () => {
    const sample = (stdout: string) => ({ node: 'node1', collector: 'wg-public-key', stdout });
    const { assets } = await readCryptoInventory(recorded(sampleIntent('wireguard'), [sample(`${key('a')}\n`), sample(`${key('b')}\n`)]));
    expect(assets).toMatchObject([
      { kind: 'wireguard-key', publicKey: key('a'), nodes: ['node1'], goneBy: '2026-01-01T00:00:01.000Z' },
      { publicKey: key('b'), goneBy: null },
    ]);
  });

  test('a preshared key with a peer is counted, and not known where it was not read', async () => {
    const state: Readonly<Record<string, string>> = {
      'public-key': `${key('a')}\n`,
      'listen-port': '51871\n',
      fwmark: '0xe00\n',
      peers: `${key('b')}\n`,
      endpoints: `${key('b')}\t172.18.0.2:51871\n`,
      'allowed-ips': `${key('b')}\t172.18.0.2/32\n`,
      'latest-handshakes': `${key('b')}\t1795262930\n`,
      transfer: `${key('b')}\t1\t1\n`,
    };
    const shown = async (preshared: Readonly<Record<string, string>>) => {
      const outputs = Object.entries({ ...state, ...preshared }).map(
        ([part, stdout]): OutputParts => ({ snapshot: 'before', node: 'node1', collector: `wg-${part}`, stdout }),
      );
      return (await readCryptoInventory(buildRecording({ intent: sampleIntent('wireguard'), outputs }))).assets;
    };
    expect(await shown({})).toMatchObject([{ presharedKeys: 0, presharedUnknown: 1 }]);
    expect(await shown({ 'preshared-keys': `${key('b')}\t(none)\n` })).toMatchObject([{ presharedKeys: 0, presharedUnknown: 0 }]);
    expect(await shown({ 'preshared-keys': `${key('b')}\t<key:256:cafe>\n` })).toMatchObject([{ presharedKeys: 1, presharedUnknown: 0 }]);
  });

  test('a sample that is no key, and a node without state, are gaps', async () => {
    const { assets, gaps } = await readCryptoInventory(
      recorded(sampleIntent('wireguard'), [{ node: 'node1', collector: 'wg-public-key', stdout: 'short\n' }]),
    );
    expect(assets).toEqual([]);
    expect(gaps.join('\n')).toMatch(/node1 sample: .* is no public key/);
    expect(gaps.join('\n')).toMatch(/node2: the recording has no readable state of cilium_wg0/);
  });
});

describe('TLS', () => {
  const authority = newAuthority();
  const pem = (account: string): string =>
    authority.issue({
      uri: `spiffe://cluster.local/ns/demo/sa/${account}`,
      notBefore: new Date(instantAt(0).utc),
      notAfter: new Date('2026-01-02T00:00:00Z'),
    }).certificate;
  const intent: Intent = { ...sampleIntent('tls'), stack: 'mesh-tls', routing: 'native', profile: 'hbone' };
  const proxies = (stdout: string) => ({ node: 'node1', collector: 'proxy-certificates', stdout });

  test('each certificate of a proxy is listed once, and says when it was gone', async () => {
    const [old, fresh, other] = [pem('a'), pem('a'), pem('b')];
    const { assets, gaps, compared } = await readCryptoInventory(recorded(intent, [proxies(old + other), proxies(fresh + other)]));
    expect(gaps).toEqual([]);
    const found = assets.map((asset) =>
      asset.kind === 'tls-certificate' ? [asset.identity, asset.keyAlgorithm, asset.goneBy !== null] : asset,
    );
    const [a, b] = ['a', 'b'].map((account) => `spiffe://cluster.local/ns/demo/sa/${account}`);
    const key = 'ECDSA prime256v1';
    expect(found).toEqual([
      [a, key, true],
      [b, key, false],
      [a, key, false],
    ]);
    expect(compared?.[0]?.names).toHaveLength(3);
  });

  test('a certificate that cannot be read is a gap', async () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const { gaps } = await readCryptoInventory(recorded(intent, [proxies(broken)]));
    expect(gaps).toEqual([expect.stringContaining('has a certificate that cannot be read')]);
  });
});
