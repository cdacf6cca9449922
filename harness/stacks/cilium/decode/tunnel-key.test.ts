import { expect, test } from 'vitest';
import { tunnelKey } from './tunnel-key.ts';

const ids = { srcBootId: 'a'.repeat(36), dstBootId: 'b'.repeat(36) };

test('an address counts 4 or 16 bytes, and a mapped one counts as IPv4', () => {
  const key = new Uint8Array(20).fill(7);
  const v4 = tunnelKey(key, { src: '10.0.1.1', dst: '10.0.2.1', ...ids });
  expect(v4.length).toBe(20);
  expect(tunnelKey(key, { src: '::ffff:10.0.1.1', dst: '10.0.2.1', ...ids })).toEqual(v4);
  const v6 = tunnelKey(key, { src: 'fd00::1', dst: 'fd00::2', ...ids });
  expect(v6).not.toEqual(v4);
  expect(tunnelKey(key, { src: 'fd00:0:0::1', dst: 'fd00::2', ...ids })).toEqual(v6);
  expect(tunnelKey(new Uint8Array(36), { src: 'fd00::1', dst: 'fd00::2', ...ids }).length).toBe(36);
});

test('direction and boot ids count', () => {
  const key = new Uint8Array(20).fill(7);
  const there = tunnelKey(key, { src: '10.0.1.1', dst: '10.0.2.1', ...ids });
  expect(tunnelKey(key, { src: '10.0.2.1', dst: '10.0.1.1', ...ids })).not.toEqual(there);
  expect(tunnelKey(key, { src: '10.0.1.1', dst: '10.0.2.1', srcBootId: ids.dstBootId, dstBootId: ids.srcBootId })).not.toEqual(there);
  expect(() => tunnelKey(key, { src: '10.0.1.1', dst: '10.0.2.1', ...ids, srcBootId: 'short' })).toThrow(/5 characters, not 36/);
  expect(() => tunnelKey(key, { src: 'node1', dst: '10.0.2.1', ...ids })).toThrow(/not an address/);
});
