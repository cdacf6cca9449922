import { describe, expect, test } from 'vitest';
import type { TrafficRecord } from '../../harness/model/recording.ts';
import { instantAt } from '../../harness/testing/recording.ts';
import { edit, judgeSample, type SampleChange } from '../../harness/testing/sample-judge.ts';
import { catalogue } from '../catalogue.ts';

const at = { utc: '2026-01-01T00:00:30.000Z', monotonicMs: 30_000 };
const flow: TrafficRecord = {
  phase: 'encrypted',
  id: 'flow-1',
  path: 'pod-pod',
  family: 'ipv4',
  protocol: 'tcp',
  source: { name: 'demo/pod1', kind: 'pod', node: 'node1', address: '10.0.1.11' },
  destination: { name: 'demo/pod2', kind: 'pod', node: 'node2', address: '10.0.2.11' },
  port: 80,
  canary: '0'.repeat(32),
  sent: 1,
  answered: 1,
  answeredBy: [],
  startedAt: at,
  endedAt: at,
  note: '',
};
const judge = (id: string, change: SampleChange = {}) => judgeSample(catalogue, id, 'wireguard', { traffic: [flow], ...change });
const noDevice: NonNullable<SampleChange['output']> = (o) =>
  o.collector.startsWith('wg-') ? { ...o, stdout: '', exitCode: 1, stderr: 'Unable to access interface: No such device\n' } : o;

describe('WGD', () => {
  test.each(['WGD-01', 'WGD-02', 'WGD-03', 'WGD-04', 'WGD-05'])('%s supports the healthy sample', async (id) => {
    const finding = await judge(id);
    expect(finding.verdict, finding.reason).toBe('supports');
  });

  test.each<[string, string, NonNullable<SampleChange['output']>, RegExp]>([
    ['WGD-01', 'L01 no device', noDevice, /node1 before: there is no device cilium_wg0/],
    ['WGD-01', 'other port', edit('node1', 'wg-listen-port', '51871', '51820'), /listening port 51820, expected 51871/],
    ['WGD-01', 'other fwmark', edit('node1', 'wg-fwmark', '0xe00', '0x1e00'), /fwmark 0x1e00, expected 0xe00/],
    [
      'WGD-02',
      'L17 peer removed',
      (o) => (o.node === 'node1' && /^wg-(peers|endpoints|allowed-ips|latest|transfer)/.test(o.collector) ? { ...o, stdout: '' } : o),
      /node1 before: no peer for node2/,
    ],
    ['WGD-02', 'foreign peer', edit('node1', 'wg-peers', /$/, 'AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'), /foreign peer AwAA/],
    ['WGD-03', 'L19 annotation', edit(null, 'cilium-nodes', /wg-pub-key: A/, 'wg-pub-key: B'), /the CiliumNode publishes BAA/],
    ['WGD-03', 'agent', edit('node1', 'encrypt-status', 'key: A', 'key: B'), /the agent prints BAA/],
    ['WGD-04', 'L18 one missing', edit('node1', 'wg-allowed-ips', '172.18.0.2/32', '172.18.0.7/32'), /do not contain 172.18.0.2/],
    [
      'WGD-04',
      'L18 one stolen',
      edit('node1', 'wg-allowed-ips', /$/, 'AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\t172.18.0.0/24\n'),
      /overlap between peers/,
    ],
    [
      'WGD-05',
      'L21 stale',
      edit('node1', 'wg-latest-handshakes', '1767225605', '1767225005'),
      /handshake with node2 is 656 s old, 30 s after the last driven request, limit 180 s at that request/,
    ],
    ['WGD-05', 'never', edit('node1', 'wg-latest-handshakes', '1767225605', '0'), /no handshake with node2/],
  ])('%s contradicts: %s', async (id, _name, output, reason) => {
    const finding = await judge(id, { output });
    expect(finding.verdict, finding.reason).toBe('contradicts');
    expect(finding.reason).toMatch(reason);
  });

  test('WGD-04: up to 1.17 each pod must be listed', async () => {
    const change: SampleChange = { intent: { profile: '1.14' } };
    expect((await judge('WGD-04', change)).reason).toContain('do not contain 10.0.2.11');
    const output: NonNullable<SampleChange['output']> = (o) =>
      o.collector === 'wg-allowed-ips' ? { ...o, stdout: o.stdout.replace(/\n/, ` 10.0.${o.node === 'node1' ? 2 : 1}.0/24\n`) } : o;
    expect((await judge('WGD-04', { ...change, output })).verdict).toBe('supports');
  });

  test('WGD-05: no handshake is made where nothing is sent, so the age counts at the last driven request and not when it is read', async () => {
    // A slow cluster: read 290 s after the start, 260 s after the last request.
    const late: NonNullable<SampleChange['output']> = (o) =>
      o.snapshot === 'after' && o.collector === 'clock'
        ? { ...o, stdout: `${Date.parse(at.utc) / 1000 + 260}.5\n`, at: instantAt(290) }
        : o;
    const stale = edit('node1', 'wg-latest-handshakes', '1767225605', '1767225405');
    expect((await judge('WGD-05', { output: late })).verdict).toBe('supports');
    const finding = await judge('WGD-05', { output: (o) => late(stale(o) ?? o) });
    expect(finding.verdict).toBe('contradicts');
    expect(finding.reason).toContain('with node2 is 486 s old, 260 s after the last driven request, limit 180 s at that request');
    // The last request counts, not the last one of the list.
    const later = { ...flow, endedAt: instantAt(285) };
    const second = { ...flow, id: 'flow-2', endedAt: instantAt(40) };
    expect((await judge('WGD-05', { output: late, traffic: [later, second] })).reason).toContain('is 286 s old, 5 s after');
  });

  test('WGD-05: a pair that was driven and never answered needs a handshake too', async () => {
    const output = edit('node1', 'wg-latest-handshakes', '1767225605', '0');
    const finding = await judge('WGD-05', { output, traffic: [{ ...flow, answered: 0 }] });
    expect(finding.verdict).toBe('contradicts');
    expect(finding.reason).toContain('no handshake with node2 although traffic was driven between them');
  });

  test('WGD-07: preshared keys, where they are claimed', async () => {
    const peer = { 1: 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 2: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
    const said = (words: string, patterns: Readonly<Record<string, string>> = { f00d: 'none' }, presharedKeys = true) =>
      judgeSample(catalogue, 'WGD-07', 'wireguard', {
        intent: presharedKeys ? { presharedKeys } : {},
        // `wg-preshared-keys` is no output of the sample: it stands in the place of two others.
        output: (o) =>
          o.collector === 'encrypt-status'
            ? {
                ...o,
                collector: 'wg-preshared-keys',
                stdout: `${peer[o.node === 'node1' ? 1 : 2]}\t${o.node === 'node1' ? words : '<key:256:f00d>'}\n`,
              }
            : o,
        files: { 'key-patterns.json': JSON.stringify({ schema: 1, keys: patterns }) },
      });
    const good = await said('<key:256:f00d>');
    expect(good.verdict, good.reason).toBe('supports');
    expect(await said('(none)')).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringMatching(/node1 before: the peer at 172\.18\.0\.2:51871 .* has no preshared key/),
    });
    expect(await said('<key:256:dead>', { f00d: 'none', dead: 'repeated' })).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringMatching(/its preshared key is one part that repeats/),
    });
    expect((await said('<key:256:dead>')).verdict).toBe('inconclusive');
    expect((await said('(none)', {}, false)).verdict).toBe('not-applicable');
    // A recording of before they were read.
    expect((await judge('WGD-07', { intent: { presharedKeys: true } })).verdict).toBe('inconclusive');
  });

  test('WGD-05 without traffic and WGD-06 without a capture were not exercised', async () => {
    expect((await judge('WGD-05', { traffic: [] })).verdict).toBe('not-exercised');
    expect((await judge('WGD-06')).verdict).toBe('not-exercised');
  });

  test.each(['WGD-01', 'WGD-02', 'WGD-03', 'WGD-04', 'WGD-05'])('%s without a part of the device: inconclusive', async (id) => {
    const output: NonNullable<SampleChange['output']> = (o) => (o.collector === 'wg-peers' && o.node === 'node2' ? null : o);
    expect((await judge(id, { output })).verdict).toBe('inconclusive');
  });
});
