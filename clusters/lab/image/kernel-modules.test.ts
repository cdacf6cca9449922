import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadModules, moduleDepends } from './kernel-modules.ts';

const module = (depends: string) => Buffer.from(`\0license=GPL\0depends=${depends}\0retpoline=Y\0`);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ww-modules-'));
  await writeFile(join(folder, 'modules.builtin'), 'kernel/net/veth.ko\n');
  await writeFile(join(folder, 'vxlan.ko'), module('udp_tunnel,ip6-udp-tunnel'));
  await writeFile(join(folder, 'udp_tunnel.ko'), module(''));
  await writeFile(join(folder, 'ip6_udp_tunnel.ko.zst'), zstdCompressSync(module('')));
});
afterEach(() => rm(folder, { recursive: true }));

describe('loadModules', () => {
  test('dependencies come first, each once, with one spelling, decompressed', async () => {
    const { modules, absent } = await loadModules(folder, ['vxlan', 'udp-tunnel', 'veth', 'no_such']);
    expect(modules.map(({ name }) => name)).toEqual(['udp_tunnel', 'ip6_udp_tunnel', 'vxlan']);
    expect(modules[1]!.data.equals(module(''))).toBe(true);
    expect(absent).toEqual(['no_such']);
  });

  test('an essential module that is missing is named', async () => {
    await expect(loadModules(folder, ['wireguard'])).rejects.toThrow(/no module wireguard/);
  });
});

test('moduleDepends reads no more than its own entry', () => {
  expect(moduleDepends(module('a,b'))).toEqual(['a', 'b']);
  expect(moduleDepends(module(''))).toEqual([]);
  expect(moduleDepends(Buffer.from('nothing here'))).toEqual([]);
});
