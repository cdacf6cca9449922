import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, test } from 'vitest';
import type {
  CryptoAsset,
  CryptoInventory,
  IpsecAssociationAsset,
  TlsCertificateAsset,
  TlsSessionsAsset,
  WireguardKeyAsset,
} from '../../harness/model/crypto.ts';
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
const certificate = (serial: string): TlsCertificateAsset => ({
  kind: 'tls-certificate',
  identity: 'spiffe://cluster.local/ns/demo/sa/a',
  serial,
  keyAlgorithm: 'ECDSA prime256v1',
  keyFingerprint: serial.repeat(8),
  notBefore: '2026-01-01T03:04:05.000Z',
  notAfter: '2026-01-03T03:04:05.000Z',
  nodes: ['node1'],
  ...SEEN,
});
const sessions = (suite: string, group: string | null): TlsSessionsAsset => ({
  kind: 'tls-sessions',
  version: 'TLS 1.3',
  suite,
  group,
  postQuantum: group === 'X25519MLKEM768',
  connections: 3,
  nodes: [],
  ...SEEN,
});
const tls: CryptoInventory = {
  mode: 'tls',
  assets: [
    { ...certificate('0a0b'), goneBy: '2026-01-02T03:04:20.000Z' },
    { ...certificate('0c0d'), keyAlgorithm: 'RSA 3072' },
    sessions('TLS_AES_256_GCM_SHA384', 'x25519'),
    sessions('TLS_CHACHA20_POLY1305_SHA256', 'X25519MLKEM768'),
    { ...sessions('TLS_RSA_WITH_NULL_SHA256', null), version: 'TLS 1.2' },
  ],
  gaps: [],
};
const nothing: CryptoInventory = { mode: 'ipsec', assets: [], gaps: ['the recording has no xfrm-state'] };

const withCrypto = (crypto: CryptoInventory) => ({ ...healthyReport(), crypto });

describe('is valid CycloneDX 1.6 for the strict validator of the official library', () => {
  test.each([
    ['IPsec', sampleCrypto()],
    ['WireGuard', wireguard],
    ['TLS', tls],
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
  for (const crypto of [sampleCrypto(), wireguard, tls, odd]) {
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

test('TLS has a protocol for each version, with suites and groups, its certificates, and the source of their keys', () => {
  const bom = cbomOf({ ...withCrypto(tls), intent: { ...healthyReport().intent, mode: 'tls', keySource: 'spire' } });
  const find = (name: string) => bom.components.find((component) => component.name === name);
  expect(bom.metadata.properties).toContainEqual({ name: 'wirewitness:keySource', value: 'spire' });
  expect(find('TLS 1.3')?.properties).toEqual([
    { name: 'wirewitness:keyManagement', value: 'handshakes of the protocol itself; certificates from SPIRE' },
  ]);
  expect(find('TLS 1.3')?.cryptoProperties).toMatchObject({
    protocolProperties: {
      type: 'tls',
      version: '1.3',
      cipherSuites: [
        { name: 'TLS_AES_256_GCM_SHA384, x25519', algorithms: ['algorithm/AES-256-GCM', 'algorithm/SHA-384', 'algorithm/X25519'] },
        { name: 'TLS_CHACHA20_POLY1305_SHA256, X25519MLKEM768' },
      ],
    },
  });
  expect(find('TLS 1.2')?.cryptoProperties).toMatchObject({
    protocolProperties: { cipherSuites: [{ name: 'TLS_RSA_WITH_NULL_SHA256, no group' }] },
  });
  const owner = 'certificate of spiffe://cluster.local/ns/demo/sa/a, serial 0a0b';
  expect(find(owner)?.cryptoProperties).toMatchObject({ certificateProperties: { subjectPublicKeyRef: `key/key of the ${owner}` } });
  expect(find(`key of the ${owner}`)?.cryptoProperties).toMatchObject({
    relatedCryptoMaterialProperties: { state: 'deactivated', algorithmRef: 'algorithm/ECDSA-P-256' },
  });
});

test('a TLS key exchange is hybrid with a post-quantum group, and a certificate establishes no key', () => {
  expect(tls.assets.map(keyEstablishment)).toEqual([null, null, 'classic', 'hybrid', 'classic']);
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
