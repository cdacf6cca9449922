import { expect, test } from 'vitest';
import type { CryptoAsset, CryptoInventory } from '../../harness/model/crypto.ts';
import type { Report } from '../../harness/model/report.ts';
import { sampleCrypto } from '../testdata/sample-crypto.ts';
import { healthyReport } from '../testdata/sample-report.ts';
import { cbomOf } from './cbom.ts';
import { diffCbom } from './diff-cbom.ts';

/** The sample in another run: other times, other fingerprints. */
function later(change: (asset: CryptoAsset) => CryptoAsset[] = (asset) => [asset]): Report {
  const crypto: CryptoInventory = {
    ...sampleCrypto(),
    assets: sampleCrypto().assets.flatMap((asset) =>
      change({ ...asset, firstSeen: '2026-02-02T00:00:00.000Z', lastSeen: '2026-02-02T00:01:00.000Z' }),
    ),
  };
  return {
    ...healthyReport(),
    run: { ...healthyReport().run, id: 'later' },
    crypto: JSON.parse(JSON.stringify(crypto).replaceAll('0000aa', '0000bb')),
  };
}

const before = cbomOf(healthyReport());

test('another run with the same cryptography has no difference, though its times and fingerprints are others', () => {
  expect(JSON.stringify(cbomOf(later()))).not.toBe(JSON.stringify(before));
  expect(diffCbom(before, cbomOf(later()))).toEqual({ added: [], removed: [], changed: [] });
});

test('a new SPI is removed and added', () => {
  const moved = later((asset) => [
    asset.kind === 'ipsec-association' && asset.src === '10.0.1.1' ? { ...asset, spi: '0x00000004' } : asset,
  ]);
  const { added, removed, changed } = diffCbom(before, cbomOf(moved));
  expect(added).toEqual(['esp key 10.0.1.1 > 10.0.2.1 SPI 0x00000004', 'esp key 10.0.1.1 > 10.0.3.1 SPI 0x00000004']);
  expect(removed).toEqual(['esp key 10.0.1.1 > 10.0.2.1 SPI 0x00000003', 'esp key 10.0.1.1 > 10.0.3.1 SPI 0x00000003']);
  expect(changed).toEqual([]);
});

test('a stronger key and a lost ESN flag are changes, with both values', () => {
  const stronger = later((asset) => [
    asset.kind === 'ipsec-association'
      ? { ...asset, esn: false, algorithms: asset.algorithms.map((a) => ({ ...a, keyBits: 288 })) }
      : asset,
  ]);
  const { added, changed } = diffCbom(before, cbomOf(stronger));
  expect(added).toEqual(['AES-256-GCM']);
  const name = 'esp key 10.0.1.1 > 10.0.2.1 SPI 0x00000003';
  expect(changed).toContainEqual({ name, field: 'size', from: '160', to: '288' });
  expect(changed).toContainEqual({ name, field: 'esn', from: 'true', to: 'false' });
  expect(changed).toContainEqual({ name, field: 'algorithmRef', from: 'algorithm/AES-128-GCM', to: 'algorithm/AES-256-GCM' });
});
