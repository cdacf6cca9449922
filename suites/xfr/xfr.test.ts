import { describe, expect, test } from 'vitest';
import { edit, judgeSample, type SampleChange } from '../../harness/testing/sample-judge.ts';
import { catalogue } from '../catalogue.ts';

const judge = (id: string, change: SampleChange = {}, mode: 'ipsec' | 'wireguard' = 'ipsec') => judgeSample(catalogue, id, mode, change);
const empty =
  (collector: string): NonNullable<SampleChange['output']> =>
  (o) =>
    o.collector === collector ? { ...o, stdout: '' } : o;
const without =
  (collector: string): NonNullable<SampleChange['output']> =>
  (o) =>
    o.collector === collector && o.node === 'node2' ? null : o;

describe('healthy', () => {
  test.each(['XFR-01', 'XFR-02', 'XFR-03', 'XFR-05', 'XFR-06', 'XFR-07', 'XFR-08', 'XFR-10', 'XFR-11'])('%s supports', async (id) => {
    const finding = await judge(id);
    expect(finding.verdict, finding.reason).toBe('supports');
    expect(finding.evidence.length).toBeGreaterThan(0);
  });
  test.each(['XFR-08', 'XFR-11'])('%s supports under WireGuard', async (id) =>
    expect((await judge(id, {}, 'wireguard')).verdict).toBe('supports'),
  );
});

test('XFR-01 says in one sentence that a node has nothing of IPsec, while its CiliumNode publishes the key', async () => {
  const output: NonNullable<SampleChange['output']> = (o) => {
    if (o.node !== 'node1') return o;
    if (o.collector === 'ip-rule') return { ...o, stdout: o.stdout.replace(/^1:.*\n/gm, '') };
    return o.collector === 'xfrm-state' || o.collector === 'xfrm-policy' ? { ...o, stdout: '' } : o;
  };
  const finding = await judge('XFR-01', { output });
  expect(finding.verdict).toBe('contradicts');
  expect(finding.reason).toMatch(
    /^node1 before: IPsec is not configured on this node: no SA, no policy, no rule for table 200, while its CiliumNode publishes key id 3 and its agent says IPsec/,
  );
});

const OUT_SA = /src 172\.18\.0\.1 dst 172\.18\.0\.2\n[\s\S]*?sel src[^\n]*\n/;
const IN_SA = /src 172\.18\.0\.2 dst 172\.18\.0\.1\n[\s\S]*?sel src[^\n]*\n/;
const OUT_POLICY = /src 0\.0\.0\.0\/0 dst 10\.0\.2\.0\/24 \n[\s\S]*?mode tunnel\n?/;
const BLOCK = /src [^\n]*\n\tdir out action block[^\n]*\n[^\n]*\n/;

describe('control', () => {
  test.each<[string, string, NonNullable<SampleChange['output']>, RegExp]>([
    ['XFR-01', 'L01 no SA at all', empty('xfrm-state'), /node1 before: out SA .* is missing/],
    ['XFR-01', 'an out SA deleted', edit('node1', 'xfrm-state', OUT_SA, ''), /out SA 172.18.0.1 -> 172.18.0.2 is missing/],
    ['XFR-01', 'L08 an in SA deleted', edit('node1', 'xfrm-state', IN_SA, ''), /in SA 172.18.0.2 -> 172.18.0.1 is missing/],
    ['XFR-01', 'a stranger', edit('node1', 'xfrm-state', 'src 172.18.0.2 dst', 'src 172.18.0.9 dst'), /unexplained esp SA 172.18.0.9/],
    ['XFR-01', 'another SPI there', edit('node2', 'xfrm-state', /spi 0x00000003/g, 'spi 0x00000004'), /no matching in SA on node2/],
    [
      'XFR-02',
      'L11 weak algorithm',
      edit('node1', 'xfrm-state', /aead [^\n]*/, 'auth-trunc hmac(sha1) <key:160:a> 96\n\tenc cbc(des3_ede) <key:192:b>'),
      /cbc\(des3_ede\) is not in the policy table/,
    ],
    [
      'XFR-02',
      'no encryption',
      edit('node1', 'xfrm-state', /rfc4106\(gcm\(aes\)\) <key:160:/, 'rfc4106(gcm(aes)) <key:96:'),
      /96 key bits/,
    ],
    ['XFR-03', 'L09 one key', edit('node1', 'xfrm-state', /<key:160:[^>]+>/g, '<key:160:same>'), /share one key/],
    ['XFR-03', 'L07 wrong key', edit('node2', 'xfrm-state', '172.18.0.1_172.18.0.2', 'other'), /one key on node1 and another on node2/],
    [
      'XFR-05',
      'L13 wrong mark',
      edit('node1', 'xfrm-state', '11123e00/0xffffff00', '11123e00/0xffff0000'),
      /expected 0xNNNN3e00\/0xffffff00/,
    ],
    ['XFR-05', 'wrong output mark', edit('node1', 'xfrm-state', 'output-mark 0xe00', 'output-mark 0xf00'), /output-mark 0xf00/],
    ['XFR-05', 'wrong policy mark', edit('node1', 'xfrm-policy', 'mark 0x11123e00', 'mark 0x11133e00'), /never matches its SA/],
    [
      'XFR-06',
      'L03 out policy deleted',
      edit('node1', 'xfrm-policy', OUT_POLICY, ''),
      /node1 before: policy "out to remote pods".* is missing/,
    ],
    [
      'XFR-06',
      'L86d a template of the in policy for another address',
      edit('node1', 'xfrm-policy', /(dir in [^\n]*\n\ttmpl src \S+ dst )\S+/, '$1192.0.2.86'),
      /in policy .*template dst is 192\.0\.2\.86/,
    ],
    ['XFR-06', 'a template without SA', edit('node1', 'xfrm-state', OUT_SA, ''), /no SA for its template/],
    [
      'XFR-06',
      'an optional template',
      edit('node1', 'xfrm-policy', /reqid 1 mode tunnel/, 'reqid 1 mode tunnel\n\t\tlevel use'),
      /level use lets packets out/,
    ],
    ['XFR-06', 'L41 flush', empty('xfrm-policy'), /is missing/],
    ['XFR-07', 'block policy deleted', edit('node1', 'xfrm-policy', BLOCK, ''), /node1 before: ipv4 block policy is missing/],
    ['XFR-07', 'block policy of another mark', edit('node1', 'xfrm-policy', 'mark 0xe00/0xf00', 'mark 0xb00/0xf00'), /0xb00/],
    [
      'XFR-08',
      'L08 errors grow',
      (o) => (o.collector === 'xfrm-stat' && o.snapshot === 'after' ? { ...o, stdout: o.stdout.replace('\t0', '\t9') } : o),
      /node1: XfrmInError grew by 9 from before to after, allowed 0/,
    ],
    ['XFR-10', 'L12 numbers end', edit('node1', 'xfrm-state', / flag esn/g, ''), /has no ESN/],
    [
      'XFR-10',
      'replay window',
      edit('node1', 'xfrm-state', /replay_window 1024/, 'replay_window 32'),
      /replay window of 32, expected 1024/,
    ],
    ['XFR-11', 'L10 stale SA', edit('node1', 'xfrm-state', 'spi 0x00000003', 'spi 0x00000002'), /left-over SA .*0x00000002/],
  ])('%s contradicts: %s', async (id, _name, output, reason) => {
    const finding = await judge(id, { output });
    expect(finding.verdict, finding.reason).toBe('contradicts');
    expect(finding.reason).toMatch(reason);
  });

  test('XFR-10: a number near its end', async () => {
    const output = edit('node1', 'xfrm-state', /oseq-hi 0x0, oseq 0x\w+/, 'oseq-hi 0xfffffff0, oseq 0x1');
    expect((await judge('XFR-10', { output })).verdict).toBe('contradicts');
  });

  test('XFR-11: the block policy left under WireGuard is named', async () => {
    const block = 'src 0.0.0.0/0 dst 0.0.0.0/0 \n\tdir out action block priority 100 ptype main \n\tmark 0xe00/0xf00 \n';
    const finding = await judge('XFR-11', { output: (o) => (o.collector === 'xfrm-policy' ? { ...o, stdout: block } : o) }, 'wireguard');
    expect(finding.verdict).toBe('contradicts');
    expect(finding.reason).toContain("blocks WireGuard's mark");
  });
});

describe('after an update in place from 1.16', () => {
  /** What agents 1.17.8 and 1.18.3 were seen to leave: two `in` policies for the own pods, beside the wildcard. */
  const leaving =
    (mark: string, template = true) =>
    (text: string) => {
      const [, here, there] = /dst 10\.0\.2\.0\/24 \n[\s\S]*?tmpl src (\S+) dst (\S+)/.exec(text) ?? [];
      const policy = (value: string, source: string | undefined, more: string) =>
        `src 0.0.0.0/0 dst 10.0.1.0/24 \n\tdir in priority 0 ptype main \n\tmark ${value} \n${template ? `\ttmpl src ${source} dst ${here}\n\t\tproto esp reqid 1 mode tunnel\n${more}` : ''}`;
      return `${text.trimEnd()}\n${policy(mark, there, '')}${policy('0x200/0xf00', '0.0.0.0', '\t\tlevel use \n')}`;
    };
  const output =
    (change: (text: string) => string): NonNullable<SampleChange['output']> =>
    (o) =>
      o.node === 'node1' && o.collector === 'xfrm-policy' ? { ...o, stdout: change(o.stdout) } : o;

  test('its policies are allowed, and it is said what they are', async () => {
    const change = { intent: { profile: '1.18' }, output: output(leaving('0xd00/0xf00')) };
    expect((await judge('XFR-05', change)).verdict).toBe('supports');
    const finding = await judge('XFR-06', change);
    expect(finding.verdict, finding.reason).toBe('supports');
    expect(finding.notes).toEqual(expect.arrayContaining([expect.stringMatching(/is one of release 1\.16, left by an update in place/)]));
  });
  test('another mark, another priority, and one that lets packets in as they are, are not', async () => {
    expect((await judge('XFR-05', { output: output(leaving('0xc00/0xf00')) })).reason).toMatch(/mark 0xc00\/0xf00/);
    expect((await judge('XFR-06', { output: output(leaving('0xd00/0xf00', false)) })).reason).toMatch(/it has no template/);
    const elsewhere = (text: string) =>
      leaving('0xd00/0xf00')(text).replace(/(dir in [^\n]*\n\tmark 0xd00[^\n]*\n\ttmpl src \S+ dst )\S+/, '$1192.0.2.86');
    expect((await judge('XFR-06', { output: output(elsewhere) })).reason).toMatch(
      /in policy 0\.0\.0\.0\/0 -> 10\.0\.1\.0\/24: template dst is 192\.0\.2\.86, expected 10\.0\.1\.1/,
    );
    const other = (text: string) => leaving('0xd00/0xf00')(text).replace(/(dst 10\.0\.1\.0\/24 \n\tdir in priority )0/, '$150');
    expect((await judge('XFR-06', { output: output(other) })).reason).toMatch(/in policy 0\.0\.0\.0\/0 -> 10\.0\.1\.0\/24: priority/);
  });
});

describe('fails closed', () => {
  test.each(['XFR-01', 'XFR-02', 'XFR-03', 'XFR-10'])('%s without a node: inconclusive', async (id) =>
    expect((await judge(id, { output: without('xfrm-state') })).verdict).toBe('inconclusive'),
  );
  test.each(['XFR-02', 'XFR-03', 'XFR-05', 'XFR-10'])('%s on empty tables: not supported', async (id) => {
    const output: NonNullable<SampleChange['output']> = (o) => (/^xfrm-(state|policy)$/.test(o.collector) ? { ...o, stdout: '' } : o);
    expect((await judge(id, { output })).verdict).toBe('inconclusive');
  });
  test.each(['XFR-06', 'XFR-07'])('%s with a failed command: inconclusive', async (id) => {
    const output: NonNullable<SampleChange['output']> = (o) => (o.collector === 'xfrm-policy' ? { ...o, exitCode: 1, stdout: '' } : o);
    expect((await judge(id, { output })).verdict).toBe('inconclusive');
  });
  test('a line that is not understood: inconclusive', async () => {
    const finding = await judge('XFR-08', { output: edit('node1', 'xfrm-stat', /$/, 'what is this\n') });
    expect(finding.verdict).toBe('inconclusive');
    expect(finding.reason).toContain('what is this');
  });
  test('an unknown version: inconclusive', async () =>
    expect((await judge('XFR-05', { intent: { profile: '1.99' } })).verdict).toBe('inconclusive'));
  test('a cut output: inconclusive', async () => {
    const output: NonNullable<SampleChange['output']> = (o) =>
      o.collector === 'xfrm-state' ? { ...o, stdout: o.stdout.slice(0, -230) } : o;
    expect((await judge('XFR-02', { output })).verdict).not.toBe('supports');
  });
});
