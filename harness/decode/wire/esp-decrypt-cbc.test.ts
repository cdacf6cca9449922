import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { EspDecryptError } from './esp-decrypt.ts';
import { decryptEspCbc } from './esp-decrypt-cbc.ts';

/** Built as the RFCs say with node:crypto, as a sender does. */
function sealed(enc: Buffer, auth: Buffer, icvBytes: number, text: string, esnHigh?: number): Buffer {
  const payload = Buffer.from(text);
  const padding = (16 - ((payload.length + 2) % 16)) % 16;
  const trailer = Buffer.from([...Array.from({ length: padding }, (_, i) => i + 1), padding, 4]);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', enc, iv).setAutoPadding(false);
  const header = Buffer.from([0, 0, 0, 3, 0, 0, 0, 9]);
  const body = Buffer.concat([header, iv, cipher.update(Buffer.concat([payload, trailer])), cipher.final()]);
  const mac = createHmac('sha256', auth).update(body);
  if (esnHigh !== undefined) mac.update(Buffer.from([0, 0, 0, esnHigh]));
  return Buffer.concat([body, mac.digest().subarray(0, icvBytes)]);
}

const enc = randomBytes(16);
const auth = randomBytes(32);

test('opens what was sealed, with and without an extended sequence number', () => {
  const keys = { enc, auth, hash: 'sha256', icvBytes: 16 } as const;
  const plain = decryptEspCbc(sealed(enc, auth, 16, 'an inner packet'), keys);
  expect(plain).toMatchObject({ spi: 3, sequence: 9, nextHeader: 4 });
  expect(Buffer.from(plain.payload).toString()).toBe('an inner packet');
  expect(Buffer.from(decryptEspCbc(sealed(enc, auth, 16, 'x', 2), { ...keys, esnHigh: 2 }).payload).toString()).toBe('x');
});

test('refuses another key, another high half and a changed packet', () => {
  const packet = sealed(enc, auth, 16, 'an inner packet', 1);
  const keys = { enc, auth, hash: 'sha256', icvBytes: 16, esnHigh: 1 } as const;
  expect(() => decryptEspCbc(packet, { ...keys, auth: randomBytes(32) })).toThrow(EspDecryptError);
  expect(() => decryptEspCbc(packet, { ...keys, esnHigh: 0 })).toThrow(/does not verify/);
  packet[30]! ^= 1;
  expect(() => decryptEspCbc(packet, keys)).toThrow(/does not verify/);
  expect(() => decryptEspCbc(packet.subarray(0, 50), keys)).toThrow(/whole blocks/);
});
