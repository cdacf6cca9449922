import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, test } from 'vitest';
import type { CryptoAsset, CryptoInventory, IpsecAssociationAsset, WireguardKeyAsset } from '../../harness/model/crypto.ts';
import { sampleCrypto } from '../testdata/sample-crypto.ts';
import { healthyReport } from '../testdata/sample-report.ts';
import { algorithmComponent } from './algorithms.ts';
import { cbomOf, writeCbom } from './cbom.ts';
import { keyEstablishment } from './key-establishment.ts';

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

const SEEN = { firstSeen: '2026-01-02T03:04:05.000Z', lastSeen: '2026-01-02T03:04:30.000Z', goneBy: null, evidence: ['commands/x.txt'] };
const device = (node: string, publicKey: string): WireguardKeyAsset => ({
  kind: 'wireguard-key',
  interface: 'cilium_wg0',
  publicKey,
  peers: ['peer='],
  presharedKeys: 0,
  presharedUnknown: 1,
  nodes: [node],
  ...SEEN,
});
const wireguard: CryptoInventory = {
  mode: 'wireguard',
  assets: [{ ...device('node1', 'one='), goneBy: '2026-01-02T03:04:20.000Z' }, device('node1', 'two='), device('node2', 'three=')],
  gaps: [],
};
const cbcAssociation: IpsecAssociationAsset = {
  kind: 'ipsec-association',
  proto: 'esp',
  src: 'fd00::1',
  dst: 'fd00::2',
  spi: '0x00000005',
  mode: 'tunnel',
  esn: false,
  algorithms: [
    { role: 'encryption', name: 'cbc(aes)', keyBits: 256, icvBits: null, fingerprint: 'aa' },
    { role: 'authentication', name: 'hmac(sha256)', keyBits: 256, icvBits: 128, fingerprint: 'bb' },
  ],
  nodes: ['node1'],
  ...SEEN,
};
const odd: CryptoInventory = {
  mode: 'ipsec',
  assets: [
    cbcAssociation,
    {
      ...cbcAssociation,
      spi: '0x00000006',
      algorithms: [{ role: 'encryption', name: 'cbc(des3_ede)', keyBits: 192, icvBits: null, fingerprint: null }],
    },
  ],
  gaps: ['node2 before: xfrm-state was not read'],
};
const nothing: CryptoInventory = { mode: 'ipsec', assets: [], gaps: ['the recording has no xfrm-state'] };

const withCrypto = (crypto: CryptoInventory) => ({ ...healthyReport(), crypto });

describe('is valid CycloneDX 1.6 for the strict validator of the official library', () => {
  test.each([
    ['IPsec', sampleCrypto()],
    ['WireGuard', wireguard],
    ['CBC, an unknown algorithm, gaps', odd],
    ['nothing', nothing],
  ])('%s', async (_, crypto) => {
    expect(await validator.validate(writeCbom(withCrypto(crypto)))).toBeNull();
  });

  test('which refuses what is not', async () => {
    expect(await validator.validate(writeCbom(withCrypto(wireguard)).replace('"protocol"', '"treaty"'))).not.toBeNull();
  });
});

test('every reference leads to a component, and every name is there once', () => {
  for (const crypto of [sampleCrypto(), wireguard, odd]) {
    const { components, dependencies } = cbomOf(withCrypto(crypto));
    const refs = components.map((component) => component['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    expect(new Set(components.map(({ name }) => name)).size).toBe(components.length);
    const used = dependencies.flatMap(({ dependsOn }) => dependsOn);
    const algorithms = components.flatMap(({ cryptoProperties }) =>
      cryptoProperties.assetType === 'related-crypto-material' ? [cryptoProperties.relatedCryptoMaterialProperties.algorithmRef] : [],
    );
    expect([...used, ...algorithms].filter((ref) => !refs.includes(ref))).toEqual([]);
    expect(used.length).toBeGreaterThan(0);
  }
});

const named = (crypto: CryptoInventory, name: string) => cbomOf(withCrypto(crypto)).components.find((component) => component.name === name);

test('AES-GCM is listed without its salt, the key with it', () => {
  expect(named(sampleCrypto(), 'AES-128-GCM')?.cryptoProperties).toMatchObject({
    algorithmProperties: {
      primitive: 'ae',
      parameterSetIdentifier: '128',
      mode: 'gcm',
      classicalSecurityLevel: 128,
      nistQuantumSecurityLevel: 1,
    },
    oid: '2.16.840.1.101.3.4.1.6',
  });
  expect(named(sampleCrypto(), 'esp key 10.0.1.1 > 10.0.2.1 SPI 0x00000003')?.cryptoProperties).toMatchObject({
    relatedCryptoMaterialProperties: {
      type: 'secret-key',
      id: '0x00000003',
      size: 160,
      state: 'active',
      algorithmRef: 'algorithm/AES-128-GCM',
    },
  });
});

test('a key that is gone is deactivated, its successor has a name of its own', () => {
  expect(named(wireguard, 'key of cilium_wg0 on node1')?.cryptoProperties).toMatchObject({
    relatedCryptoMaterialProperties: { state: 'deactivated', value: 'one=' },
  });
  expect(named(wireguard, 'key of cilium_wg0 on node1 #2')?.cryptoProperties).toMatchObject({
    relatedCryptoMaterialProperties: { state: 'active', value: 'two=' },
  });
});

test('a cipher and a hash are two keys; an algorithm that is not known is said to be unknown', () => {
  expect(named(odd, 'esp key fd00::1 > fd00::2 SPI 0x00000005, encryption')).toBeDefined();
  expect(named(odd, 'esp key fd00::1 > fd00::2 SPI 0x00000005, authentication')).toBeDefined();
  expect(named(odd, 'cbc(des3_ede) 192')?.cryptoProperties).toMatchObject({ algorithmProperties: { primitive: 'unknown' } });
});

test('WireGuard algorithms are not approved by NIST, AES is, others are unknown: of the module nothing is said', () => {
  const approved = (crypto: CryptoInventory, name: string) =>
    named(crypto, name)?.properties?.find((property) => property.name === 'wirewitness:nistApprovedAlgorithm')?.value;
  expect(approved(sampleCrypto(), 'AES-128-GCM')).toBe('yes');
  for (const name of ['X25519', 'ChaCha20-Poly1305', 'BLAKE2s']) expect(approved(wireguard, name)).toBe('no');
  expect(approved(odd, 'cbc(des3_ede) 192')).toBe('unknown');
  expect(JSON.stringify(cbomOf(withCrypto(sampleCrypto())))).not.toMatch(/fips/i);
});

test('CNSA 2.0 names AES with 256 bits, and none of WireGuard’s algorithms', () => {
  const suite = (crypto: CryptoInventory, name: string) =>
    named(crypto, name)?.properties?.find((property) => property.name === 'wirewitness:cnsa2Algorithm')?.value;
  expect(algorithmComponent({ name: 'rfc4106(gcm(aes))', keyBits: 288 }).properties).toContainEqual({
    name: 'wirewitness:cnsa2Algorithm',
    value: 'yes',
  });
  expect(suite(sampleCrypto(), 'AES-128-GCM')).toBe('no');
  for (const name of ['X25519', 'ChaCha20-Poly1305', 'BLAKE2s']) expect(suite(wireguard, name)).toBe('no');
  expect(suite(odd, 'cbc(des3_ede) 192')).toBe('unknown');
});

test('how keys come about: from a secret, by X25519 alone, or by both', () => {
  const asset = wireguard.assets.find(({ kind }) => kind === 'wireguard-key');
  const of = (change: object) =>
    keyEstablishment({ ...asset, peers: ['a', 'b'], presharedKeys: 0, presharedUnknown: 0, ...change } as CryptoAsset);
  expect(of({})).toBe('classic');
  expect(of({ presharedKeys: 2 })).toBe('hybrid');
  expect(of({ presharedKeys: 1 })).toBe('mixed');
  expect(of({ presharedUnknown: 1 })).toBe('unknown');
  expect(of({ peers: [] })).toBe('unknown');
  expect(sampleCrypto().assets.map(keyEstablishment)).toContain('pre-shared');
});

test('no secret key has a value, and what could not be read is said', () => {
  const { components, metadata } = cbomOf(withCrypto(odd));
  const secret = components.filter(({ cryptoProperties }) => JSON.stringify(cryptoProperties).includes('secret-key'));
  expect(secret).toHaveLength(3);
  for (const { cryptoProperties } of secret) expect(JSON.stringify(cryptoProperties)).not.toContain('"value"');
  expect(metadata.properties).toContainEqual({ name: 'wirewitness:gap', value: 'node2 before: xfrm-state was not read' });
  const { crypto: _, ...without } = healthyReport();
  expect(cbomOf(without).metadata.properties).toContainEqual({ name: 'wirewitness:gap', value: 'the report holds no inventory' });
});

test('the same report gives the same bytes, another run another serial number', () => {
  const report = healthyReport();
  expect(writeCbom(report)).toBe(writeCbom(healthyReport()));
  expect(cbomOf({ ...report, run: { ...report.run, id: 'other' } }).serialNumber).not.toBe(cbomOf(report).serialNumber);
});
