import { describe, expect, test } from 'vitest';
import { LOG_CUT } from '../../harness/model/recording.ts';
import { edit, judgeSample, type SampleChange } from '../../harness/testing/sample-judge.ts';
import { catalogue, checksOf } from '../catalogue.ts';

const both = ['ipsec', 'wireguard'] as const;
const judge = (id: string, output?: SampleChange['output'], mode: 'ipsec' | 'wireguard' = 'ipsec') =>
  judgeSample(catalogue, id, mode, output === undefined ? {} : { output });

describe('PRE', () => {
  test.each(both.flatMap((mode) => checksOf('PRE').map(({ id }) => [id, mode] as const)))(
    '%s supports the healthy %s sample',
    async (id, mode) => {
      const finding = await judge(id, undefined, mode);
      expect(finding.verdict, finding.reason).toBe('supports');
    },
  );

  test.each<[string, string, NonNullable<SampleChange['output']>, RegExp]>([
    [
      'PRE-01',
      'L01 off',
      edit('node1', 'cilium-status', /Encryption:.*/, 'Encryption:              Disabled'),
      /node1 before: the agent reports encryption Disabled/,
    ],
    ['PRE-01', 'other routing', edit('node1', 'cilium-config', ': tunnel', ': native'), /routing mode native/],
    ['PRE-03', 'L36 mixed', edit('node2', 'cilium-version', /1\.18\.3/g, '1.17.8'), /several versions: node1 1.18.3, node2 1.17.8/],
    ['PRE-04', 'not healthy', edit('node1', 'cilium-status', 'Ok    (v-)', 'Warning   not ready'), /Cilium is Warning/],
    [
      'PRE-05',
      'L33 clock shifted',
      edit('node2', 'clock', '17672256', '17672266'),
      /node2 before: its clock differs from the recorder's by .* s/,
    ],
  ])('%s contradicts: %s', async (id, _name, output, reason) => {
    const finding = await judge(id, output);
    expect(finding.verdict, finding.reason).toBe('contradicts');
    expect(finding.reason).toMatch(reason);
  });

  test('PRE-01: another mode than claimed', async () => {
    const finding = await judgeSample(catalogue, 'PRE-01', 'wireguard', { intent: { mode: 'ipsec' } });
    expect(finding.verdict).toBe('contradicts');
  });

  test('PRE-02: a kernel without WireGuard', async () => {
    const output: NonNullable<SampleChange['output']> = (o) => {
      if (o.collector === 'uname') return { ...o, stdout: 'Linux node 5.4.0-1 #1 SMP\n' };
      return o.collector.startsWith('wg-') ? { ...o, stdout: '', exitCode: 1, stderr: 'Unable to access interface: No such device\n' } : o;
    };
    expect((await judge('PRE-02', output, 'wireguard')).verdict).toBe('contradicts');
  });

  test.each<[string, NonNullable<SampleChange['output']>, RegExp]>([
    [
      'an override',
      edit('node1', 'kernel-means', '[end]', '[modprobe /etc/modprobe.d/x.conf]\ninstall esp4 /bin/false\n[end]'),
      /runs `\/bin\/false` instead of loading esp4, so it cannot be loaded again/,
    ],
    ['a blacklist', edit('node1', 'kernel-means', '[end]', '[modprobe /etc/modprobe.d/x.conf]\nblacklist esp4 \n[end]'), /blacklists esp4/],
    ['the command line', edit('node1', 'kernel-means', '[modules]', 'module_blacklist=floppy,esp4\n[modules]'), /forbids esp4/],
    [
      'a module that goes',
      (o) =>
        o.collector === 'kernel-means' && o.node === 'node2' && o.snapshot === 'after'
          ? { ...o, stdout: o.stdout.replace('esp4\n', '') }
          : o,
      /node2 after: the module esp4 was removed/,
    ],
    [
      'an algorithm that goes',
      (o) => (o.collector === 'crypto' && o.node === 'node2' && o.snapshot === 'after' ? { ...o, stdout: '' } : o),
      /lists rfc4106\(gcm\(aes\)\) no longer/,
    ],
  ])('PRE-07 contradicts: %s', async (_, output, reason) => {
    const finding = await judge('PRE-07', output);
    expect(finding.verdict, finding.reason).toBe('contradicts');
    expect(finding.reason).toMatch(reason);
  });

  test.each<[string, NonNullable<SampleChange['output']>]>([
    [
      'an override that loads it all the same',
      edit('node1', 'kernel-means', '[end]', '[modprobe /etc/modprobe.d/x.conf]\ninstall esp4 modprobe --ignore-install esp4\n[end]'),
    ],
    [
      'a module of something else',
      edit('node1', 'kernel-means', '[end]', '[modprobe /etc/modprobe.d/x.conf]\nblacklist wireguard \n[end]'),
    ],
    [
      'a kernel without modules',
      (o) => (o.collector === 'kernel-means' ? { ...o, stdout: '[fips]\nabsent\n[modules]\nabsent\n[root]\next4\n[end]\n' } : o),
    ],
  ])('PRE-07 supports: %s', async (_, output) => expect((await judge('PRE-07', output)).verdict).toBe('supports'));

  test('PRE-07: not recorded at all is not exercised, a reading that was cut is inconclusive', async () => {
    expect((await judge('PRE-07', (o) => (o.collector === 'kernel-means' ? null : o))).verdict).toBe('not-exercised');
    expect((await judge('PRE-07', edit('node1', 'kernel-means', '[end]', ''))).verdict).toBe('inconclusive');
  });

  test.each([
    ['a container', '[root]\noverlay\n'],
    ['nobody knows where', ''],
  ])('PRE-07: read in %s, modprobe’s configuration is not claimed to have been seen', async (_, root) => {
    const finding = await judge('PRE-07', edit('node2', 'kernel-means', '[root]\next4\n', root));
    expect(finding).toMatchObject({
      verdict: 'supports',
      notes: ['modprobe’s configuration was not read on node2: the commands ran in a container'],
      expected: 'no blacklist on the command line, and the same modules and algorithms before and after',
    });
  });

  test('PRE-07: FIPS mode is told, and decides nothing', async () => {
    const finding = await judge('PRE-07', edit('node1', 'kernel-means', '[fips]\n0', '[fips]\n1'));
    expect(finding).toMatchObject({ verdict: 'supports', notes: ['FIPS mode of the kernel is on: node1'] });
  });

  test('PRE-03: a version without profile is never guessed', async () => {
    const finding = await judgeSample(catalogue, 'PRE-03', 'ipsec', {
      intent: { profile: '1.13' },
      output: (o) => (o.collector === 'cilium-version' ? { ...o, stdout: 'Daemon: 1.13.1 go version\n' } : o),
    });
    expect(finding.verdict).toBe('inconclusive');
  });

  test('PRE-04: an agent with a degraded module is told, and decides nothing', async () => {
    const output = edit('node1', 'cilium-status', 'Ok    (v-)', 'Ok    (v-)\nModules Health:          Stopped(11) Degraded(1) OK(63)');
    const { verdict, reason } = await judge('PRE-04', output);
    expect(verdict).toBe('supports');
    expect(reason).toContain('node1 before: Modules Health: Stopped(11) Degraded(1) OK(63)');
  });

  test('PRE-04: an error line about encryption', async () => {
    const line = 'level=error msg="Failed to load IPsec keys" subsys=ipsec\n';
    const log = (o: Parameters<NonNullable<SampleChange['output']>>[0]) =>
      o.collector === 'uname' ? { ...o, collector: 'agent-log', stdout: line } : o;
    expect((await judge('PRE-04', log)).reason).toContain('Failed to load IPsec keys');
  });

  test('PRE-04: a log that was cut, or may not be read, is none without warnings; one that nobody asked for is said not to be there', async () => {
    const log = (more: Partial<Parameters<NonNullable<SampleChange['output']>>[0]>): NonNullable<SampleChange['output']> => {
      return (o) => (o.collector === 'uname' ? { ...o, collector: 'agent-log', stdout: '', ...more } : o);
    };
    expect((await judge('PRE-04', log({}))).verdict).toBe('supports');
    expect(await judge('PRE-04', log({ stdout: `level=info msg=x\n${LOG_CUT}\n` }))).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/longer than the part that was read/),
    });
    const forbidden = { exitCode: 1, stderr: 'Error from server (Forbidden): pods "x" is forbidden\n' };
    expect(await judge('PRE-04', log(forbidden))).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(/forbidden/) });
    expect((await judge('PRE-04', (o) => o)).reason).toMatch(/no log was recorded/);
  });

  test.each([
    ['PRE-01', 'cilium-status'],
    ['PRE-02', 'crypto'],
    ['PRE-03', 'cilium-version'],
    ['PRE-04', 'cilium-status'],
    ['PRE-05', 'clock'],
  ])('%s without %s: inconclusive', async (id, collector) =>
    expect((await judge(id, (o) => (o.collector === collector ? null : o))).verdict).toBe('inconclusive'),
  );

  test('PRE-01: a status without an encryption line is unknown, not Disabled', async () =>
    expect((await judge('PRE-01', (o) => (o.collector === 'cilium-status' ? { ...o, stdout: 'Cilium:   Ok\n' } : o))).verdict).toBe(
      'inconclusive',
    ));
});
