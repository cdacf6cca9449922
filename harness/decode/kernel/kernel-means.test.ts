import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeKernelMeans, KERNEL_MEANS_SCRIPT } from './kernel-means.ts';

const TEXT = `[fips]
0
[command line]
fips=1
module_blacklist=esp4,esp6
[modules]
esp4
xfrm_user
[modprobe /etc/modprobe.d/dirtyfrag.conf]
install esp4 /bin/false
blacklist rxrpc 
[modprobe /usr/lib/modprobe.d/dirtyfrag.conf]
install esp6 /bin/false
[modprobe /etc/modprobe.d/empty.conf]
[modprobe /usr/lib/modprobe.d/empty.conf]
install gcm /bin/false
[modprobe /usr/lib/modprobe.d/other.conf]
blacklist floppy
[root]
ext4
[end]
`;

test('sections, rules, and files that hide others of the same name', () => {
  expect(decodeKernelMeans(TEXT)).toEqual({
    items: [
      {
        fips: false,
        commandLine: ['fips=1', 'module_blacklist=esp4,esp6'],
        modules: ['esp4', 'xfrm_user'],
        rules: [
          { file: '/etc/modprobe.d/dirtyfrag.conf', kind: 'install', module: 'esp4', command: '/bin/false' },
          { file: '/etc/modprobe.d/dirtyfrag.conf', kind: 'blacklist', module: 'rxrpc', command: '' },
          { file: '/usr/lib/modprobe.d/other.conf', kind: 'blacklist', module: 'floppy', command: '' },
        ],
        root: 'ext4',
      },
    ],
    unparsed: [],
  });
});

test('a text that was cut gives nothing, and a line outside the sections is named', () => {
  expect(decodeKernelMeans(TEXT.replace('[end]\n', '')).items).toEqual([]);
  expect(decodeKernelMeans('cat: not found\n[end]\n').unparsed).toEqual([{ line: 1, text: 'cat: not found' }]);
});

test('without FIPS and without modules both are unknown, not off', () => {
  expect(decodeKernelMeans('[fips]\nabsent\n[modules]\nabsent\n[end]\n').items[0]).toMatchObject({ fips: null, modules: null, root: null });
});

test('any text: never throws', () => {
  const line = fc.oneof(fc.constantFrom(...TEXT.split('\n')), fc.string({ maxLength: 40 }));
  fc.assert(fc.property(fc.array(line, { maxLength: 20 }), (lines) => decodeKernelMeans(lines.join('\n')).items.length <= 1));
});

test('the script runs in the shell of this machine, and what it prints is understood', () => {
  const { stdout, status } = spawnSync('sh', ['-c', KERNEL_MEANS_SCRIPT], { encoding: 'utf8' });
  expect(status).toBe(0);
  const { items, unparsed } = decodeKernelMeans(stdout);
  expect(unparsed).toEqual([]);
  expect(items).toHaveLength(1);
});
