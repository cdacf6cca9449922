import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deriveTunnelKey } from './derive.ts';

const FIXTURES = new URL('../../../../shared/fixtures/cilium/', import.meta.url);
const RECORDINGS = existsSync(FIXTURES)
  ? readdirSync(FIXTURES).filter(
      (name) => name.includes('ipsec') && /^\d+\+/.test(readFileSync(new URL(`${name}/key-file.txt`, FIXTURES), 'utf8')),
    )
  : [];

interface Node {
  readonly spec: { readonly bootid: string; readonly addresses: readonly { readonly ip: string }[] };
}

describe.skipIf(!existsSync(FIXTURES))('per-tunnel keys of recorded agents (needs shared/fixtures/cilium beside the project)', () => {
  test('there are recordings', () => expect(RECORDINGS.length).toBeGreaterThan(0));

  test.each(RECORDINGS)('%s: every SA key derives from the key file and the boot ids', (recording) => {
    const read = (name: string) => readFileSync(new URL(`${recording}/${name}`, FIXTURES), 'utf8');
    const globalKey = Buffer.from(/([0-9a-f]{40,}) \d+/.exec(read('key-file.txt'))?.[1] ?? '', 'hex');
    const { items } = parse(read('ciliumnodes.yaml')) as { items: Node[] };
    const bootIds = new Map(items.flatMap(({ spec }) => spec.addresses.map(({ ip }) => [ip, spec.bootid] as const)));
    const states = [...read('node1/xfrm-state.txt').matchAll(/^src (\S+) dst (\S+)\n(?:\s.*\n)*?\s+aead \S+ 0x([0-9a-f]+) /gm)];
    expect(states.length).toBe(4);
    for (const [, source = '', destination = '', key] of states) {
      const sourceBootId = bootIds.get(source) ?? '';
      const destinationBootId = bootIds.get(destination) ?? '';
      expect(deriveTunnelKey(globalKey, { source, destination, sourceBootId, destinationBootId }).toString('hex')).toBe(key);
    }
  });
});

describe('deriveTunnelKey', () => {
  const ids = { sourceBootId: 'a'.repeat(36), destinationBootId: 'b'.repeat(36) };
  const ends = { source: '10.0.1.1', destination: '10.0.2.1', ...ids };

  test('has the length of the global key, and differs by direction', () => {
    const key = new Uint8Array(20).fill(7);
    const there = deriveTunnelKey(key, ends);
    expect(there.length).toBe(20);
    expect(deriveTunnelKey(key, { ...ends, source: ends.destination, destination: ends.source })).not.toEqual(there);
    expect(deriveTunnelKey(new Uint8Array(36).fill(7), ends).length).toBe(36);
  });

  test('refuses a boot id that is none', () => {
    expect(() => deriveTunnelKey(new Uint8Array(20), { ...ends, sourceBootId: '' })).toThrow(/has 0 characters/);
  });
});
