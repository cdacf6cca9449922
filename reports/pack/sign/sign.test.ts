import { spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { healthyReport, sampleReport } from '../../testdata/sample-report.ts';
import { sampleKey } from '../testdata/sample-pack.ts';
import { IN_TOTO_TYPE, isSignedBy, pae, signEnvelope } from './dsse.ts';
import { keyIdOf, loadSigningKey, makeSigningKey, publicKeyOf, signingKeyOf } from './signing-key.ts';
import { statementOf } from './statement.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-sign-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' });

test('the encoding that is signed is that of the specification', () => {
  expect(pae('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  );
  expect(pae('ü', Buffer.from('ä')).toString()).toBe('DSSEv1 2 ü 2 ä');
});

test('an envelope is its signer’s over this type and body only', () => {
  const [key, other] = [sampleKey(), sampleKey()];
  const body = Buffer.from('{}\n');
  const envelope = signEnvelope(IN_TOTO_TYPE, body, key);
  expect(isSignedBy(envelope, body, createPublicKey(key.publicPem))).toBe(true);
  expect(isSignedBy(envelope, body, createPublicKey(other.publicPem))).toBe(false);
  expect(isSignedBy(envelope, Buffer.from('{}\r'), createPublicKey(key.publicPem))).toBe(false);
  expect(isSignedBy({ ...envelope, payloadType: 'text/plain' }, body, createPublicKey(key.publicPem))).toBe(false);
  expect(isSignedBy({ ...envelope, signatures: [] }, body, createPublicKey(key.publicPem))).toBe(false);
});

test.skipIf(openssl.status !== 0)('openssl verifies what we sign and refuses what was changed', () => {
  const key = sampleKey();
  const body = Buffer.from(statementOf(sampleReport(), [], { name: 'PLAN.json', sha256: '0'.repeat(64) }));
  const { signatures } = signEnvelope(IN_TOTO_TYPE, body, key);
  const path = (name: string, content: Uint8Array | string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const verify = (message: Uint8Array): string => {
    const args = ['pkeyutl', '-verify', '-pubin', '-inkey', path('pub.pem', key.publicPem), '-rawin', '-in', path('pae', message)];
    return spawnSync('openssl', [...args, '-sigfile', path('sig', Buffer.from(signatures[0]!.sig, 'base64'))], { encoding: 'utf8' }).stdout;
  };
  expect(verify(pae(IN_TOTO_TYPE, body))).toContain('Signature Verified Successfully');
  expect(verify(pae(IN_TOTO_TYPE, Buffer.concat([body, Buffer.from(' ')])))).toContain('Failure');
});

describe('keys', () => {
  test('a key is made once, for its owner only, and never replaced', async () => {
    const path = join(folder, 'deep', 'key.pem');
    const key = await makeSigningKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await loadSigningKey(path)).keyId).toBe(key.keyId);
    const before = readFileSync(path);
    await expect(makeSigningKey(path)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(keyIdOf(publicKeyOf(key.publicPem, 'x'))).toBe(key.keyId);
  });

  test('another kind of key, a private key for a public one and no key are refused without a word of them', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => signingKeyOf(pem, 'k.pem')).toThrow('k.pem: is a key of type rsa, not ed25519');
    expect(() => publicKeyOf(rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'k.pem')).toThrow('type rsa');
    expect(() => publicKeyOf(pem, 'k.pem')).toThrow('k.pem: is a private key; give its public half');
    expect(() => signingKeyOf('hunter2', 'k.pem')).toThrow(/^k\.pem: is no private key in PEM without a passphrase$/);
    expect(() => publicKeyOf('hunter2', 'k.pem')).toThrow(/^k\.pem: is no public key in PEM$/);
  });
});

describe('the statement', () => {
  const plan = { name: 'PLAN.json', sha256: '1'.repeat(64) };
  const read = (report: Parameters<typeof statementOf>[0]) =>
    JSON.parse(statementOf(report, [{ name: 'MANIFEST.json', sha256: '2'.repeat(64) }], plan));

  test('passes only what supports the claim; missing evidence is no pass and no warning', () => {
    const report = healthyReport();
    expect(read({ ...report, verdict: 'supports' }).predicate.result).toBe('PASSED');
    for (const verdict of ['contradicts', 'inconclusive', 'not-exercised', 'not-applicable'] as const)
      expect(read({ ...report, verdict }).predicate.result).toBe('FAILED');
    const [first, ...others] = report.verdicts;
    const { predicate } = read({ ...report, verdicts: [{ ...first!, verdict: 'inconclusive' }, ...others] });
    expect(predicate.failedTests).toContain(first!.id);
    expect(predicate.passedTests).not.toContain(first!.id);
    expect(predicate.warnedTests).toEqual([]);
  });

  test('names what was tested, the plan and the run', () => {
    const report = sampleReport();
    expect(read(report)).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'MANIFEST.json', digest: { sha256: '2'.repeat(64) } }],
      predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
      predicate: {
        configuration: [{ name: 'PLAN.json', digest: { sha256: plan.sha256 } }],
        wirewitness: { run: report.run.id, verdict: report.verdict },
      },
    });
  });
});
