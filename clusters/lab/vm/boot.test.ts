import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { probeHardware, wantedAccelerator } from './accelerator.ts';
import { type BootSpec, bootGuest, proveAccelerator } from './boot.ts';
import { PAUSE_FILE } from './testdata/pause-file.ts';

const STAND_IN = join(import.meta.dirname, 'testdata', 'stand-in-qemu.ts');

let root = '';
let lines: string[] = [];
const started = () => readFileSync(join(root, 'started'), 'utf8').trim().split('\n');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ww-boot-'));
  writeFileSync(join(root, 'vmlinuz'), '');
  writeFileSync(join(root, 'initrd.gz'), '');
  lines = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An emulator that does as it is told, and notes each start that is no question for its version. */
function emulator(orders: string): string {
  const path = join(root, `qemu-${orders}`);
  const note = `case $1 in --version) ;; *) while [ "$1" != -accel ]; do shift; done; echo "$2" >>'${join(root, 'started')}';; esac`;
  writeFileSync(path, `#!/bin/sh\n( ${note} )\nexec '${process.execPath}' '${STAND_IN}' '${orders}' "$@"\n`, { mode: 0o755 });
  return path;
}

/** Only who must be waited for is waited for briefly: a busy machine may take seconds to start the stand-in. */
function spec(orders: string, more: Partial<BootSpec> = {}): BootSpec {
  const silenceMs = orders.includes('hangs') ? 2500 : 30_000;
  const limits = { hardware: { silenceMs, bootMs: orders.includes('chatters') ? 3000 : 30_000 } };
  return {
    ...{ image: { id: 'abc', kernel: join(root, 'vmlinuz'), initrd: join(root, 'initrd.gz') }, memory: 16, choice: 'auto', cache: root },
    ...{ qemu: emulator(orders), hardware: { name: 'kvm' }, limits, progress: (line) => lines.push(line) },
    ...more,
  };
}

async function bootAndEnd(given: BootSpec): Promise<{ name: string; reason: string }> {
  const { machine, accelerator } = await bootGuest(given);
  await machine.kill();
  expect(existsSync(machine.folder.path)).toBe(false);
  return accelerator;
}

describe('an accelerator is proven by the guest that boots under it', () => {
  test('hardware that works is taken, and the finding kept', async () => {
    expect(await bootAndEnd(spec('kvm=ready'))).toEqual({ name: 'kvm', reason: 'a guest booted under kvm on this machine' });
    expect(lines).toEqual(['trying whether guest abc boots under kvm']);
    expect((await bootAndEnd(spec('kvm=ready'))).name).toBe('kvm');
    expect(lines[1]).toBe('booting guest abc under kvm (a guest booted under kvm on this machine)');
    expect(readdirSync(root)).not.toContain('boot-logs');
  });

  test.each([
    [
      'dies',
      /^kvm: QEMU ended with 134: qemu-system-x86_64: error: failed to set MSR 0x10a to 0x69; the guest last said “LAB 0.10 kernel”$/,
    ],
    ['pauses', /^kvm: QEMU stopped the guest \(internal-error\): KVM internal error. Suberror: 1; the guest last said “LAB 0.10 kernel”$/],
    ['hangs', /^kvm: the guest said nothing for 2.5 s; the guest last said “LAB 0.10 kernel”$/],
    ['chatters', /^kvm: the guest was not ready after 3 s; the guest last said “LAB 0.20 module-failed esp4”$/],
    ['panics', /^kvm: the guest gave up; the guest last said “\[ +0.2\] Kernel panic - not syncing: Attempted to kill init!”$/],
  ])('hardware that %s gives way to software emulation in the same run, once', async (order, why) => {
    const accelerator = await bootAndEnd(spec(`kvm=${order},tcg=ready`));
    expect(accelerator).toEqual({ name: 'tcg', reason: expect.stringMatching(why) });
    const [log = '', ...more] = readdirSync(join(root, 'boot-logs'));
    expect(more).toEqual([]);
    expect(readFileSync(join(root, 'boot-logs', log), 'utf8')).toContain('LAB 0.10 kernel');
    expect(lines[1]).toBe(`no guest boots under ${accelerator.reason} [${join(root, 'boot-logs', log)}]; software emulation takes over`);
    expect(lines).toHaveLength(2);

    // The second run does not try it again.
    expect((await bootAndEnd(spec(`kvm=${order},tcg=ready`))).reason).toMatch(/ \[tried 20.*; remove .*accelerator.json to try again\]$/);
    expect(started()).toEqual(['kvm', expect.stringMatching(/^tcg,/), expect.stringMatching(/^tcg,/)]);
  });

  test('a finding is thrown away when the image or the start of the machine changes', async () => {
    await bootAndEnd(spec('kvm=dies,tcg=ready'));
    const { image } = spec('kvm=ready');
    expect((await bootAndEnd(spec('kvm=ready', { image: { ...image, id: 'def' } }))).name).toBe('kvm');
    const file = join(root, 'accelerator.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), image: 'abc', works: false, bootId: 'another' }));
    expect((await bootAndEnd(spec('kvm=ready'))).name).toBe('kvm');
    writeFileSync(file, '{"cut');
    expect((await bootAndEnd(spec('kvm=ready'))).name).toBe('kvm');
  });

  test('hardware that cannot be opened is not tried', async () => {
    const hardware = { name: 'kvm', refused: '/dev/kvm may not be opened (EACCES)' } as const;
    expect(await bootAndEnd(spec('tcg=ready', { hardware }))).toEqual({ name: 'tcg', reason: hardware.refused });
  });

  test('a guest that QEMU stops while the lab runs ends it, and the next lab does not try again', async () => {
    const { machine } = await bootGuest(spec('kvm=pauses-later,tcg=ready'));
    writeFileSync(join(machine.folder.path, PAUSE_FILE), '');
    expect(await machine.gone).toBe('QEMU stopped the guest (internal-error)');
    expect(machine.broken()).toBe('QEMU stopped the guest (internal-error)');
    expect((await bootAndEnd(spec('kvm=pauses-later,tcg=ready'))).reason).toMatch(
      /^kvm: QEMU stopped the guest \(internal-error\) while a lab/,
    );
  });
});

describe('a boot that fails', () => {
  test('names all that was tried, what was last said, and the files', async () => {
    const error = await bootGuest(spec('kvm=dies,tcg=panics')).catch((thrown: Error) => thrown);
    const logs = readdirSync(join(root, 'boot-logs')).map((name) => join(root, 'boot-logs', name));
    expect(error).toMatchObject({ name: 'LabBootError' });
    expect((error as Error).message).toMatch(
      /^the lab's machine did not boot: kvm: QEMU ended with 134: .*; then tcg: the guest gave up; .*$/,
    );
    expect(logs).toHaveLength(2);
    for (const log of logs) expect((error as Error).message).toContain(log);
  });

  test('hardware asked for by hand has no substitute', async () => {
    const failed = bootGuest(spec('kvm=hangs,tcg=ready', { choice: 'kvm' }));
    await expect(failed).rejects.toThrow(/did not boot: kvm: the guest said nothing for 2.5 s/);
    expect(started()).toEqual(['kvm']);
  });

  test('a port that is taken is not tried for ever', async () => {
    await expect(bootGuest(spec('tcg=no-port', { choice: 'tcg' }))).rejects.toThrow(/Could not set up host forwarding/);
    expect(started()).toHaveLength(3);
  });

  test('an abort rejects with its reason and leaves no log', async () => {
    const controller = new AbortController();
    const failed = bootGuest(spec('kvm=hangs', { signal: controller.signal }));
    setTimeout(() => controller.abort(new Error('changed my mind')), 100);
    await expect(failed).rejects.toThrow('changed my mind');
    expect(existsSync(join(root, 'boot-logs'))).toBe(false);
    expect(existsSync(join(root, 'accelerator.json'))).toBe(false);
  });
});

describe('who only wants to know', () => {
  test.each([
    ['ready', 'kvm', 'a guest booted under kvm on this machine'],
    ['pauses', 'tcg', expect.stringMatching(/^kvm: QEMU stopped the guest/)],
  ])('hears of hardware that %s what a lab would', async (order, name, reason) => {
    const given = spec(`kvm=${order},tcg=ready`);
    expect(await proveAccelerator(given, given.image)).toEqual({ name, reason });
    expect(started()).toEqual(['kvm']);
    expect((await bootAndEnd(given)).name).toBe(name);
  });

  test('hears that nothing can be tried before there is a guest', async () => {
    expect(await proveAccelerator(spec('kvm=ready'), undefined)).toMatchObject({
      name: 'tcg',
      reason: /^kvm may be opened; the first lab/,
    });
  });
});

describe('which accelerator is wanted', () => {
  test('the flag, then the environment, then what works', () => {
    expect(wantedAccelerator('tcg', { WIREWITNESS_ACCELERATOR: 'kvm' })).toBe('tcg');
    expect(wantedAccelerator(undefined, { WIREWITNESS_ACCELERATOR: 'kvm' })).toBe('kvm');
    expect(wantedAccelerator(undefined, {})).toBe('auto');
    expect(() => wantedAccelerator(undefined, { WIREWITNESS_ACCELERATOR: 'xen' })).toThrow(
      'WIREWITNESS_ACCELERATOR=xen: must be one of auto, kvm, hvf, tcg',
    );
  });

  test('a device that is not there is named', async () => {
    expect(await probeHardware('linux', '/nowhere/kvm')).toEqual({ name: 'kvm', refused: 'this machine has no /nowhere/kvm' });
    expect(await probeHardware('linux', join(root, 'vmlinuz'))).toEqual({ name: 'kvm' });
    expect(await probeHardware('darwin')).toEqual({ name: 'hvf' });
  });
});
