import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noise } from '../../testing/packets.ts';
import { isLinkControl, LINK_CONTROL_TYPES } from './link-control.ts';
import { isIgmp, isListenerDiscovery, isNeighbourDiscovery } from './neighbour.ts';

const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);
const join = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);
const zeros = (count: number): Buffer => Buffer.alloc(count);
const TEXT = Buffer.from('text instead of link control, and more of it so that it is long enough for any of them');

/** One valid payload of each EtherType. */
const VALID: readonly (readonly [name: string, etherType: number, payload: Buffer])[] = [
  ['LLDP', 0x88cc, join(bytes(2, 7, 4, 2, 0, 0, 0, 0, 9, 4, 3, 7), Buffer.from('e0'), bytes(6, 2, 0, 120, 0x0a, 5), Buffer.from('rack1'), bytes(0, 0))],
  ['LACP', 0x8809, join(bytes(1, 1, 1, 20), zeros(18), bytes(2, 20), zeros(18), bytes(3, 16), zeros(66))],
  ['EAPOL key', 0x888e, join(bytes(2, 3, 0, 95), noise(95))],
  ['pause', 0x8808, join(bytes(0, 1, 0, 255), zeros(42))],
  ['priority pause', 0x8808, join(bytes(1, 1, 0, 255), zeros(16), zeros(26))],
  ['CFM continuity check', 0x8902, join(bytes(0xa0, 1, 4, 70), noise(70), bytes(2, 0, 1, 2, 0), zeros(3))],
  ['PTP sync', 0x88f7, join(bytes(0, 2, 0, 44), noise(40), zeros(2))],
  ['loopback test', 0x9000, join(bytes(0, 0, 1, 0, 9, 9), zeros(40))],
  ['RARP', 0x8035, join(bytes(0, 1, 8, 0, 6, 4, 0, 3), noise(20), zeros(18))],
]; // biome-ignore format: a table

describe('link control', () => {
  test.each(VALID)('%s is what its EtherType says, with a kept check sequence too', (_, type, payload) => {
    expect(isLinkControl(type, payload, 0, payload.length)).toBe(true);
    const kept = join(payload, noise(4, 7));
    expect(isLinkControl(type, kept, 0, kept.length)).toBe(true);
  });

  test('text under any of the EtherTypes, or after valid bytes, is not', () => {
    for (const type of LINK_CONTROL_TYPES) expect(isLinkControl(type, TEXT, 0, TEXT.length), type.toString(16)).toBe(false);
    for (const [name, type, payload] of VALID) {
      const longer = join(payload, TEXT);
      expect(isLinkControl(type, longer, 0, longer.length), name).toBe(false);
    }
  });

  test('random bytes are refused and read in bounds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LINK_CONTROL_TYPES, 0x1234), fc.uint8Array({ maxLength: 120 }), (type, payload) => {
        expect(typeof isLinkControl(type, payload, 0, payload.length)).toBe('boolean');
      }),
      { numRuns: 5000 },
    );
  });
});

describe('neighbours and groups', () => {
  const solicitation = join(bytes(135, 0, 0, 0, 0, 0, 0, 0), noise(16));
  const source = bytes(1, 1, 2, 0, 0, 0, 0, 1);

  test('solicitations with valid options', () => {
    expect(isNeighbourDiscovery(solicitation, 0, solicitation.length)).toBe(true);
    const full = join(solicitation, source, bytes(14, 1), noise(6));
    expect(isNeighbourDiscovery(full, 0, full.length)).toBe(true);
  });

  test('text after the target, an unknown option, a length of zero are not', () => {
    for (const tail of [
      TEXT.subarray(0, 16),
      bytes(99, 1, 0, 0, 0, 0, 0, 0),
      bytes(1, 0, 0, 0, 0, 0, 0, 0),
      bytes(1, 2),
      source.subarray(0, 7),
    ]) {
      const longer = join(solicitation, tail);
      expect(isNeighbourDiscovery(longer, 0, longer.length)).toBe(false);
    }
  });

  test('reports of groups have the length of their records', () => {
    const mld = join(bytes(143, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0), noise(16));
    expect(isListenerDiscovery(mld, 0, mld.length)).toBe(true);
    const igmp = bytes(0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 1, 224, 0, 0, 9, 10, 0, 0, 1);
    expect(isIgmp(igmp, 0, igmp.length)).toBe(true);
    for (const tail of [bytes(0), TEXT]) {
      expect(isListenerDiscovery(join(mld, tail), 0, mld.length + tail.length)).toBe(false);
      expect(isIgmp(join(igmp, tail), 0, igmp.length + tail.length)).toBe(false);
    }
  });

  test('random bytes are read in bounds', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4, maxLength: 120 }),
        fc.constantFrom(130, 131, 133, 134, 135, 136, 137, 143, 0x11, 0x22),
        (b, type) => {
          b[0] = type;
          for (const read of [isNeighbourDiscovery, isListenerDiscovery, isIgmp]) expect(typeof read(b, 0, b.length)).toBe('boolean');
        },
      ),
      { numRuns: 5000 },
    );
  });
});
