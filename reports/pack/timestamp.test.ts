import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isGranted, stampsDigest, timestampRequest } from './timestamp.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-tsa-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const openssl = (...args: string[]) => spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });

const CONFIG = `[ req ]
distinguished_name = dn
prompt = no
[ dn ]
CN = Test authority
[ tsa ]
default_tsa = t
[ t ]
serial = ${at('serial')}
crypto_device = builtin
signer_cert = ${at('cert.pem')}
signer_key = ${at('key.pem')}
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
[ ext ]
extendedKeyUsage = critical,timeStamping
`;

const digest = createHash('sha256').update('a pack').digest();
const nonce = Buffer.from('00ff112233445566', 'hex');

describe.skipIf(openssl('version').status !== 0)('against an authority made with openssl', () => {
  test('our request is granted, the answer is about it, and openssl verifies the stamp', () => {
    writeFileSync(at('conf'), CONFIG);
    writeFileSync(at('serial'), '01\n');
    expect(
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        at('key.pem'),
        '-out',
        at('cert.pem'),
        '-config',
        at('conf'),
        '-extensions',
        'ext',
      ).status,
    ).toBe(0);
    writeFileSync(at('query'), timestampRequest(digest, nonce));
    expect(openssl('ts', '-query', '-in', at('query'), '-text').stdout).toMatch(/Nonce: 0xFF112233445566\n/);
    expect(
      openssl('ts', '-reply', '-config', at('conf'), '-section', 't', '-queryfile', at('query'), '-out', at('reply')).stderr,
    ).toContain('Response has been generated');
    const reply = readFileSync(at('reply'));
    expect(isGranted(reply)).toBe(true);
    expect(stampsDigest(reply, digest, nonce)).toBe(true);
    expect(stampsDigest(reply, createHash('sha256').update('another').digest(), nonce)).toBe(false);
    expect(stampsDigest(reply, digest, Buffer.alloc(8, 1))).toBe(false);
    writeFileSync(at('pack'), 'a pack');
    expect(openssl('ts', '-verify', '-in', at('reply'), '-data', at('pack'), '-CAfile', at('cert.pem')).stdout).toContain(
      'Verification: OK',
    );
  });
});

test('a refusal, a cut answer and anything else is no stamp', () => {
  // PKIStatusInfo with status rejection (2) and no token.
  expect(isGranted(Buffer.from('30053003020102', 'hex'))).toBe(false);
  // Granted, and yet no token behind it.
  expect(isGranted(Buffer.from('30053003020100', 'hex'))).toBe(false);
  for (const bytes of ['', '30', '3005', '300530', 'ffff', '3080300302010000']) expect(isGranted(Buffer.from(bytes, 'hex'))).toBe(false);
  expect(isGranted(Buffer.from('<html>504</html>'))).toBe(false);
});
