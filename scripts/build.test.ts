import { execFileSync, spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcapFile } from '../harness/testing/capture-file.ts';
import { haveFixtures } from '../harness/testing/fixture.ts';
import { storeRecording } from '../harness/testing/memory-recording.ts';
import { espFrame } from '../harness/testing/node-frames.ts';
import { espPacket, ethernetFrame, ipv4Packet } from '../harness/testing/packets.ts';
import { buildRecording } from '../harness/testing/recording.ts';
import { ROOT } from './tool.ts';

const RECORDING = join(ROOT, '../shared/fixtures/real-kubernetes/ipsec-healthy/recording');

const scratch = mkdtempSync(join(tmpdir(), 'wirewitness-build-'));
const installed = join(scratch, 'package');

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.ts'), join(installed, 'dist')]);
  for (const name of ['bin', 'package.json']) cpSync(join(ROOT, name), join(installed, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(installed, 'node_modules'));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function runIn(root: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { PATH } = process.env;
  const path = `${join(process.execPath, '..')}:${PATH}`;
  return spawnSync('sh', [join(root, 'bin/wirewitness'), ...argv], { cwd: scratch, encoding: 'utf8', env: { PATH: path, ...env } });
}

describe('the bundled package', () => {
  test.each([
    [['--help']],
    [['--version']],
    [['checks', '--json']],
    [['explain', 'WIR-01']],
    [['advisories', '--json']],
    [['completion', 'bash']],
    [['run', '--mode', 'none', '--target', 'nowhere']],
    [['ledger', '/no/such/file']],
  ])('says what the checkout says: %j', (argv) => {
    const { status, stdout, stderr } = runIn(ROOT, argv);
    expect(runIn(installed, argv)).toMatchObject({ status, stdout, stderr });
    expect(`${stdout}${stderr}`).not.toBe('');
  });

  test('reads a capture that is large enough for threads as the checkout does', () => {
    const file = join(scratch, 'large.pcap');
    const frames = pcapFile(
      Array.from({ length: 1000 }, (_, n) => ethernetFrame(ipv4Packet('10.0.0.1', '10.0.0.2', 50, espPacket(3, n, 1400)))),
    );
    writeFileSync(file, Buffer.concat([frames.subarray(0, 24), ...Array.from({ length: 60 }, () => frames.subarray(24))]));
    const { status, stdout } = runIn(ROOT, ['ledger', '--json', file]);
    expect({ status, frames: (JSON.parse(stdout) as { frames: number }).frames }).toEqual({ status: 0, frames: 60_000 });
    expect(runIn(installed, ['ledger', '--json', file])).toMatchObject({ status, stdout, stderr: '' });
  });

  test.runIf(haveFixtures)('writes the reports that the checkout writes, and nothing into itself', () => {
    const before = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((file) => !file.startsWith('node_modules'));
    const [own, other] = [join(scratch, 'own'), join(scratch, 'other')];
    const args = (out: string) => ['assess', RECORDING, '--out', out, '--quiet'];
    const { status } = runIn(ROOT, args(other));
    expect(runIn(installed, args(own), { HOME: join(scratch, 'no-such-home') }).status).toBe(status);
    const files = readdirSync(other);
    expect(readdirSync(own)).toEqual(files);
    for (const file of files)
      expect([file, readFileSync(join(own, file), 'utf8')]).toEqual([file, readFileSync(join(other, file), 'utf8')]);
    expect(readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((file) => !file.startsWith('node_modules'))).toEqual(
      before,
    );
  });

  test.runIf(availableParallelism() > 1)('reads a large recording in threads, as the checkout does', () => {
    const folder = join(scratch, 'large');
    const made = buildRecording({ captures: [{ phase: 'encrypted', frames: [espFrame('out', 1), espFrame('back', 1)] }] });
    storeRecording({ ...made, files: new Map(made.files).set('large.bin', Buffer.alloc(65 * 1024 * 1024, 0x80)) }, folder);
    const said = [ROOT, installed].map((root) => runIn(root, ['assess', folder, '--out', join(scratch, 'judged'), '--json', '--quiet']));
    expect(said[0]?.stderr).toBe('');
    expect(said[1]).toMatchObject({ status: said[0]?.status, stdout: said[0]?.stdout, stderr: '' });
    expect(said[0]?.stdout).toContain('EVI-01');
  });

  test('carries every data file beside the place that its reader names', () => {
    const code = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    const named = code.flatMap((file) => {
      const text = readFileSync(join(installed, 'dist', file), 'utf8');
      return [...text.matchAll(/new URL\(["'`]([^"'`$]+\.pl)["'`], new URL\("([^"]+)"/g)].map(([, data, module]) =>
        join(installed, 'dist', module ?? '', '..', data ?? ''),
      );
    });
    expect(named.length).toBeGreaterThanOrEqual(5);
    expect(named.filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe('what Node compiled is kept', () => {
  const home = join(scratch, 'home');
  const kept = (env: NodeJS.ProcessEnv): boolean => {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(join(home, '.cache/wirewitness'), { recursive: true });
    const { status, stderr } = runIn(installed, ['--version'], env);
    expect([status, stderr]).toEqual([0, '']);
    return existsSync(join(home, '.cache/wirewitness/compile'));
  };

  test('in the cache of the user', () => {
    expect(kept({ HOME: home })).toBe(true);
    expect(kept({ HOME: '/', XDG_CACHE_HOME: join(home, '.cache') })).toBe(true);
    expect(kept({ XDG_CACHE_HOME: '/', WIREWITNESS_CACHE: join(home, '.cache/wirewitness') })).toBe(true);
  });

  test('nowhere without one, and the command runs', () => {
    expect(kept({})).toBe(false);
    expect(kept({ HOME: 'home' })).toBe(false);
    expect(kept({ HOME: join(scratch, 'no-such-home') })).toBe(false);
    expect(kept({ HOME: home, XDG_CACHE_HOME: '/dev/null' })).toBe(false);
    expect(existsSync(join(scratch, 'no-such-home'))).toBe(false);
  });

  test.runIf(process.getuid?.() === 0)('not in the folder of another user, who could write what is run', () => {
    const other = join(scratch, 'other-user');
    mkdirSync(other);
    chownSync(other, 65534, 65534);
    expect(kept({ HOME: other })).toBe(false);
    expect(readdirSync(other)).toEqual([]);
  });
});
