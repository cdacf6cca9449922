import { createCipheriv, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quicInitial } from './quic.ts';

/** RFC 9001, appendix A.1: the connection id, and what derives from it. */
const CONNECTION = Buffer.from('8394c8f03e515708', 'hex');
const KEYS = {
  key: Buffer.from('1f369613dd76d5467730efcbe3b1a22d', 'hex'),
  iv: Buffer.from('fa044b2f42a3fd3b46fb255c', 'hex'),
  hp: Buffer.from('9f50449e04a0e810283a1e9933adedd2', 'hex'),
};

/** An Initial packet of a client with packet number 2, protected by the keys of the RFC. */
function initialPacket(): Buffer {
  const payload = Buffer.alloc(1162);
  const header = Buffer.concat([Buffer.from('c300000001', 'hex'), Buffer.from([8]), CONNECTION, Buffer.from('0000449e00000002', 'hex')]);
  const nonce = Buffer.from(KEYS.iv);
  nonce[11]! ^= 2;
  const cipher = createCipheriv('aes-128-gcm', KEYS.key, nonce).setAAD(header);
  const body = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  const mask = createCipheriv('aes-128-ecb', KEYS.hp, null).setAutoPadding(false).update(body.subarray(0, 16));
  header[0]! ^= mask[0]! & 0x0f;
  for (let i = 0; i < 4; i++) header[header.length - 4 + i]! ^= mask[1 + i]!;
  return Buffer.concat([header, body]);
}

test('the keys of the RFC protect a packet that is recognised', () => {
  expect(initialPacket()).toHaveLength(1200);
  expect(quicInitial(initialPacket())).toBe('QUIC v1');
});

test('any changed bit, and any other datagram, is not QUIC', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1199 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
      const packet = initialPacket();
      packet[at]! ^= 1 << bit;
      expect(quicInitial(packet)).toBeNull();
    }),
    { numRuns: 200 },
  );
  const long = Buffer.concat(Array.from({ length: 20 }, (_, i) => createHmac('sha512', `seed ${i}`).update('x').digest()));
  expect(quicInitial(Buffer.concat([Buffer.from('c300000001', 'hex'), long]))).toBeNull();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 1400 }), (bytes) => quicInitial(bytes) === null));
});
