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
    ['PRE-05', 'L33 clock shifted', edit('node2', 'clock', '17672256', '17672266'), /node2 before: its clock is .* s off/],
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
      reason: expect.stringMatching(/longer than what is read/),
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
