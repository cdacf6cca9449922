import { describe, expect, test } from 'vitest';
import { edit, judgeSample, type SampleChange } from '../../harness/testing/sample-judge.ts';
import { catalogue } from '../catalogue.ts';

const judge = (id: string, output?: SampleChange['output']) => judgeSample(catalogue, id, 'ipsec', output === undefined ? {} : { output });

describe('RUL', () => {
  test.each(['RUL-01', 'RUL-02', 'RUL-03'])('%s supports the healthy sample', async (id) => {
    const finding = await judge(id);
    expect(finding.verdict, finding.reason).toBe('supports');
  });

  test('RUL-03 supports WireGuard', async () => expect((await judgeSample(catalogue, 'RUL-03', 'wireguard')).verdict).toBe('supports'));

  test.each<[string, string, NonNullable<SampleChange['output']>, RegExp]>([
    [
      'RUL-01',
      'L14 rule deleted',
      edit('node2', 'ip-rule', /1:.*0xe00.*\n/, ''),
      /node2 before: ipv4 rule `1: from all fwmark 0xe00\/0xf00 lookup 200` is missing/,
    ],
    ['RUL-01', 'another table', edit('node1', 'ip-rule', 'lookup 200', 'lookup 201'), /is missing/],
    [
      'RUL-01',
      'wrong mask',
      edit('node1', 'ip-rule', '0xd00/0xf00', '0xd00/0xff00'),
      /fwmark 0xd00\/0xff00 lookup 200` is evaluated before or with/,
    ],
    ['RUL-02', 'L15 route deleted', edit('node1', 'ip-route-200', /10\.0\.2.*\n/, ''), /route to 10.0.2.0\/24 dev cilium_host is missing/],
    ['RUL-02', 'another device', edit('node1', 'ip-route-200', 'dev cilium_host', 'dev eth0'), /dev is eth0, expected cilium_host/],
    ['RUL-02', 'not local', edit('node1', 'ip-route-200', 'local ', ''), /type is unicast, expected local/],
    ['RUL-03', 'another way', edit('node1', 'ip-route-get', 'dev cilium_host', 'dev eth0'), /10.0.2.11 with mark 0xe00 leaves by eth0/],
    ['RUL-03', 'L16 bypass route', edit('node1', 'ip-route', /$/, '10.0.2.11 via 172.18.0.2 dev eth0 \n'), /route 10.0.2.11 by eth0/],
  ])('%s contradicts: %s', async (id, _name, output, reason) => {
    const finding = await judge(id, output);
    expect(finding.verdict, finding.reason).toBe('contradicts');
    expect(finding.reason).toMatch(reason);
  });

  test('a table that does not exist is empty, not unknown', async () => {
    const stderr = 'Error: ipv4: FIB table does not exist.\nDump terminated\n';
    const finding = await judge('RUL-02', (o) => (o.collector === 'ip-route-200' ? { ...o, stdout: '', stderr, exitCode: 2 } : o));
    expect(finding.verdict).toBe('contradicts');
  });

  test.each([
    ['RUL-01', 'ip-rule'],
    ['RUL-02', 'ip-route-200'],
    ['RUL-03', 'ip-route-get'],
  ])('%s without %s: inconclusive', async (id, collector) =>
    expect((await judge(id, (o) => (o.collector === collector ? null : o))).verdict).toBe('inconclusive'),
  );

  test('RUL-01: 1.20 wants no rule for 0xe00', async () => {
    const output = (o: Parameters<NonNullable<SampleChange['output']>>[0]) =>
      o.collector === 'ip-rule' ? { ...o, stdout: o.stdout.replace(/1:.*0xe00.*\n/, '') } : o;
    expect((await judgeSample(catalogue, 'RUL-01', 'ipsec', { intent: { profile: '1.20' }, output })).verdict).toBe('supports');
  });
});
