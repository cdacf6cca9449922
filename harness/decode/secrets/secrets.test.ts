import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plantsOf } from './plants.ts';
import { scanBytes } from './scan-bytes.ts';
import { controlScan } from './scan-control.ts';
import { isPacked, joinFindings, partsOf, scanFile, scanPart } from './scan-file.ts';
import { MarkSearch, RANDOM_TAGS, SecretMarker } from './secret-marks.ts';

const one = (content: string | Uint8Array, size = 1 << 20) =>
  (async function* () {
    const bytes = Buffer.from(content as string);
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  })();
const known = (...secrets: Uint8Array[]) => {
  const marker = new SecretMarker(randomBytes(16), randomBytes(2 * RANDOM_TAGS));
  for (const secret of secrets) marker.add(secret);
  return { marks: new MarkSearch(marker.marks()), isPublic: () => false };
};
const blind = { marks: null, isPublic: () => false };

describe('a known secret', () => {
  const secret = randomBytes(20);
  test.each(plantsOf(secret).map(({ name, bytes }) => [name, bytes] as const))('is found in %s', async (_name, bytes) => {
    const findings = await scanFile(one(bytes), known(randomBytes(20), secret));
    expect(findings.map(({ rule }) => rule)).toContain('known-secret');
    expect(JSON.stringify(findings)).not.toContain(secret.toString('hex').slice(0, 16));
    expect((await scanFile(one(bytes), known(randomBytes(20)))).filter(({ rule }) => rule === 'known-secret')).toEqual([]);
  });

  test('is found at any place, with any size of pieces, at its offset', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 16, maxLength: 64 }),
        fc.nat(3_000_000),
        fc.integer({ min: 1000, max: 2 << 20 }),
        async (before, at, size) => {
          const file = Buffer.concat([Buffer.alloc(at, '.'), before, Buffer.from(` ${secret.toString('hex')} `), Buffer.alloc(100)]);
          const found = (await scanFile(one(file, size), known(secret))).find(({ rule }) => rule === 'known-secret');
          expect(found?.form).toBe('hex');
          expect(Math.abs(found!.offset - (at + before.length + 1))).toBeLessThanOrEqual(before.length + 1);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('is found at every place, also where the same runs were searched before and had nothing', () => {
    const knowledge = known(secret);
    const clean = randomBytes(24).toString('hex');
    const planted = Buffer.from(`${clean} ${secret.toString('hex')}\t${clean}`).toString('base64');
    const text = Buffer.from(`${clean}!${planted}!${clean}!${planted}`);
    const found = (bytes: Uint8Array) => scanBytes(bytes, knowledge).filter(({ form }) => form === 'hex in base64');
    expect(found(Buffer.from(clean))).toEqual([]);
    const [first, second] = [text.indexOf(planted), text.lastIndexOf(planted)];
    for (const _again of [1, 2]) expect([...new Set(found(text).map(({ offset }) => offset))]).toEqual([first, second]);
    expect(scanBytes(text, known(secret))).toEqual(scanBytes(text, knowledge));
  });

  test('is not found in digests, canaries, fingerprints, ciphertext', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 3000 }), (bytes) => {
        const text = `sha256: ${Buffer.from(bytes).toString('hex')} <key:160:${Buffer.from(bytes.slice(0, 12)).toString('hex')}>`;
        expect(scanBytes(bytes, known(secret)).filter(({ rule }) => rule === 'known-secret')).toEqual([]);
        expect(scanBytes(Buffer.from(text), known(secret))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('its marks reveal nothing about it, and what is too short to be marked is counted', () => {
    const marker = new SecretMarker(randomBytes(16), randomBytes(2 * RANDOM_TAGS));
    marker.add(secret);
    marker.add(secret);
    marker.add(Buffer.from('short'));
    const marks = marker.marks();
    expect(marks.windows).toHaveLength(2);
    expect(marks).toMatchObject({ printable: false, unmarked: 1 });
    expect(JSON.stringify(marks)).not.toContain(secret.toString('hex').slice(0, 8));
    marker.add(Buffer.from('JPjyOWBeVEQiMe7hAAAA'));
    expect(marker.marks().printable).toBe(true);
  });

  test('of printable bytes is found in text', async () => {
    const printable = Buffer.from('JPjyOWBeVEQiMe7hXq2w');
    expect(await scanFile(one(`x ${printable} y`), known(printable))).toMatchObject([
      { rule: 'known-secret', offset: 2, form: 'raw' },
      { offset: 6 },
    ]);
  });
});

describe('a secret of a known shape', () => {
  const key32 = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 8) & 0xff));
  key32[31] = 0x41;
  const wireguard = key32.toString('base64');
  const hex = randomBytes(20).toString('hex');
  test.each([
    ['private-key-pem', '-----BEGIN RSA PRIVATE KEY-----'],
    ['private-key-pem', Buffer.from('-----BEGIN PRIVATE KEY-----\nMC4CAQ').toString('base64')],
    ['json-web-token', `${'eyJ'}hbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.${'c2ln'.repeat(8)}`],
    ['kubeconfig-client-key', `client-key-data: ${'LS0t'.repeat(20)}`],
    ['xfrm-key', `\taead rfc4106(gcm(aes)) 0x${hex} 128`],
    ['xfrm-key', `\tauth-trunc hmac(sha256) 0x${hex} 96`],
    ['ipsec-key-file', `3+ rfc4106(gcm(aes)) ${hex} 128`],
    ['ipsec-key-file', Buffer.from(`3+ rfc4106(gcm(aes)) ${hex} 128`).toString('base64')],
    ['wireguard-private-key', `PrivateKey = ${wireguard}`],
    ['curve25519-private-key', ` ${wireguard}\n`],
    ['curve25519-private-key', `${wireguard}\n-----END PRIVATE KEY-----`],
    ['curve25519-private-key', `${wireguard}\n-----BEGIN CERTIFICATE-----`],
    ['named-password', '"password": "correct-horse"'],
    ['named-password', 'DB_PASSWORD=hunter2'],
    ['named-password', 'PGPASSWORD=hunter22'],
    ['named-password', 'spring.datasource.password: correcthorse'],
    ['named-secret', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['named-secret', 'OPENAI_API_KEY=0123abcd4567efgh'],
    ['named-secret', `WG_KEY=${wireguard}`],
    ['named-secret', 'clientSecret: "a1b2c3d4e5f6a7b8"'],
    ['named-secret', 'token: f3d9c1b7a5e08642f3d9'],
    ['wireguard-private-key', `private_key=${key32.toString('hex')}`],
    ['wireguard-preshared-key', `preshared_key=${key32.toString('hex')}`],
    ['wireguard-preshared-key', `PresharedKey = ${wireguard}`],
    ['wireguard-dump', `${randomBytes(32).toString('base64')}\t${wireguard}\t10.0.0.1:51871\t10.0.0.0/24\t0\t0\t0\toff`],
    ['wireguard-dump', `cilium_wg0\t${wireguard}\t${randomBytes(32).toString('base64')}\t51871\toff`],
    ['marked-token', `sk-${'a1B2'.repeat(8)}`],
    ['marked-token', `hvs.${'a1B2'.repeat(8)}`],
    ['bootstrap-token', 'kubeadm join --token abcdef.0123456789abcdef'],
    ['bearer-token', 'Authorization: Bearer abcdef0123456789abcdef01'],
    ['url-password', 'https://user:hunter22@registry.example/v2'],
    ['aws-access-key', `AKIA${'A1B2C3D4E5F6G7H8'}`],
    ['github-token', `ghp_${'a1'.repeat(18)}`],
    ['gitlab-token', `glpat-${'a1'.repeat(10)}`],
    ['google-api-key', `AIza${'a'.repeat(35)}`],
    ['slack-token', `xoxb-${'1'.repeat(24)}`],
    ['azure-account-key', `AccountKey=${'a'.repeat(86)}==`],
  ])('%s', (rule, text) => {
    expect(scanBytes(Buffer.from(`before\n${text}\nafter`), blind).map((finding) => finding.rule)).toContain(rule);
  });

  test.each([
    ['a public key that is known', ` ${wireguard}\n`, (value: string) => value === wireguard],
    ['a redacted key', `\taead rfc4106(gcm(aes)) <key:160:${hex.slice(0, 24)}> 128`, () => false],
    ['a hidden key', 'private key: (hidden)', () => false],
    ['the digest list of a pack', `${'ab'.repeat(32)}  recording/commands/before/api/02-key-secret.txt`, () => false],
    ['an image digest', `quay.io/cilium/cilium@sha256:${'cd'.repeat(32)}`, () => false],
    [
      'settings that name secrets',
      'enable-ipsec-key-watcher: "true"\nipsec-key-file: /etc/ipsec/keys\nencryption-secret: cilium-ipsec-keys',
      () => false,
    ],
    [
      'the key types that an SSH server offers',
      'ssh-ed25519,sk-ecdsa-sha2-nistp256@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com',
      () => false,
    ],
    ['an absent preshared key of the UAPI', `preshared_key=${'0'.repeat(64)}`, () => false],
    ['a version with a build', 'image: 1.16.2.0123456789012345', () => false],
    ['a certificate', '-----BEGIN CERTIFICATE-----', () => false],
    ['the last line of a certificate', `${'M'.repeat(64)}\n${wireguard}\n-----END CERTIFICATE-----\n`, () => false],
    ['the last line of a public key, indented', `  ${wireguard}\r\n  -----END PUBLIC KEY-----\n`, () => false],
  ])('%s is none', (_name, text, isPublic) => {
    expect(scanBytes(Buffer.from(text), { marks: null, isPublic })).toEqual([]);
  });
});

test.each([
  ['a sequence number of TCP that reads as a name', 'ee005057443ac1a012fcd918450000020405'],
  ['ciphertext that reads as a name', '0070736b3d80ff0102fe90'],
  ['ciphertext that reads as an address with a password', '0061623a2f2f03ff3a01020340'],
])('%s is none', (_name, bytes) => {
  expect(scanBytes(Buffer.from(bytes, 'hex'), blind)).toEqual([]);
});

test('a password between bytes that are no text is found, in any language', () => {
  const around = (text: string) => Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from(text), Buffer.from([0xff, 0x01])]);
  for (const text of ['psk=correct', 'PWD=schlüssel', 'password: пароль1'])
    expect(scanBytes(around(text), blind).map(({ rule }) => rule)).toEqual(['named-password']);
});

test('the control finds every plant, and names what a defective scanner misses', async () => {
  expect(await controlScan(randomBytes(24))).toMatchObject({ missed: [] });
  expect((await controlScan(randomBytes(24))).planted).toBeGreaterThan(80);
  const rawOnly: typeof scanFile = async (source, knowledge) => {
    const findings = await scanFile(source, knowledge);
    return findings.filter(({ form }) => form === 'raw');
  };
  const { missed } = await controlScan(randomBytes(24), rawOnly);
  expect(missed).toContain('JSON: base64 over lines');
  expect(missed).not.toContain('octets: raw');
});

test('a gzip file is searched with any data after it, in every member, and when it was cut', async () => {
  const secret = randomBytes(20);
  const { gzipSync } = await import('node:zlib');
  const packed = gzipSync(`before ${secret.toString('hex')} ${randomBytes(4000).toString('hex')}`);
  const other = gzipSync('nothing');
  for (const file of [Buffer.concat([packed, Buffer.from('garbage')]), Buffer.concat([other, other, packed]), packed.subarray(0, -100)])
    expect((await scanFile(one(file), known(secret))).map(({ rule }) => rule)).toContain('known-secret');
});

test.each([
  ['without markup', '<p>tok<b>en</b >: f3d9c1b7a5<i>e08642f3d9</i></p>'],
  ['without markup', 'token&#58; f3d9c1b7a5e08642f3d9'],
  ['without markup', 'token&#x3a; f3d9c1b7a5e08642f3d9'],
  ['without escapes', `{"AccountKey=${'a'.repeat(60)}\\/${'b'.repeat(20)}"}`],
  ['without escapes', 'psk\\u003dabc123'],
])('a secret is found %s in %s', async (view, text) => {
  const noise = Buffer.from(Array.from({ length: 3000 }, (_, n) => (n * n * 7 + n) & 0xff));
  const found = await scanFile(one(Buffer.concat([noise, Buffer.from(text), noise])), blind);
  expect(found.map(({ form }) => form)).toContain(`${view}, raw`);
});

test('an archive that unpacks to more than the limit is refused', async () => {
  const { gzipSync } = await import('node:zlib');
  await expect(scanFile(one(gzipSync(Buffer.alloc(257 << 20))), blind)).rejects.toThrow('not searched');
});

test('a file in parts gives what the whole file gives, in the same order', async () => {
  const piece = 1 << 20;
  const run = Buffer.from(`${'-----BEGIN '}PRIVATE KEY-----`).toString('base64');
  const place = fc.oneof(
    fc.nat(5 * piece),
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -20_000, max: 100 })).map(([n, d]) => n * piece + d),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.constantFrom(0, piece, 2 * piece, 4 * piece), fc.nat(5 * piece)),
      fc.array(place, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 100_000, max: 2 * piece }),
      async (size, places, pieces, chunk) => {
        const file = Buffer.alloc(size, 0x80);
        for (const at of places) if (at < size) file.write(` ${run}${run} `, at);
        const parts = partsOf(size, pieces);
        const found = await Promise.all(parts.map((part) => scanPart(one(file.subarray(part.from, part.to ?? size), chunk), part, blind)));
        expect(joinFindings(found)).toEqual(await scanFile(one(file), blind));
        expect(parts.map(({ at }) => at)).toEqual(
          Array.from({ length: Math.max(1, Math.ceil(size / (pieces * piece))) }, (_, n) => n * pieces * piece),
        );
      },
    ),
    {
      numRuns: 12,
      examples: [
        [2 * piece, [2 * piece - 30], 1, piece],
        [3 * piece, [piece - 20, 2 * piece - 16_390], 1, piece],
      ],
    },
  );
});

test('a file is packed as a whole if it begins so', async () => {
  const { gzipSync } = await import('node:zlib');
  expect(isPacked(gzipSync('x'))).toBe(true);
  for (const other of ['', '\x1f', 'text']) expect(isPacked(Buffer.from(other, 'latin1'))).toBe(false);
});
