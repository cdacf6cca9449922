import { describe, expect, test } from 'vitest';
import { edit, judgeSample, type SampleChange } from '../../harness/testing/sample-judge.ts';
import { catalogue } from '../catalogue.ts';

const judge = (id: string, change: SampleChange = {}) => judgeSample(catalogue, id, 'ipsec', change);

describe('CFG', () => {
  test.each(['CFG-01', 'CFG-02', 'CFG-03', 'CFG-05', 'CFG-06', 'CFG-07'])('%s supports the healthy sample', async (id) => {
    const finding = await judge(id);
    expect(finding.verdict, finding.reason).toBe('supports');
  });

  describe('CFG-09', () => {
    const fingerprints = ['global', ...['172.18.0.1_172.18.0.2', '172.18.0.2_172.18.0.1', '10.0.1.1_10.0.2.1', '10.0.2.1_10.0.1.1']];
    const said = (patterns: Readonly<Record<string, string>>) =>
      judge('CFG-09', {
        files: {
          'key-patterns.json': JSON.stringify({
            schema: 1,
            keys: { ...Object.fromEntries(fingerprints.map((name) => [name, 'none'])), ...patterns },
          }),
        },
      });

    test('supports keys without a pattern', async () => {
      const found = await said({});
      expect(found.verdict, found.reason).toBe('supports');
    });
    test.each([
      ['all-zero', /key Secret: the key of rfc4106\(gcm\(aes\)\) is all zeros/],
      ['repeated', /is one part that repeats/],
      ['counting', /count up or down/],
      ['published', /is published in tests/],
    ])('contradicts a key of the Secret that is %s', async (pattern, reason) => {
      const found = await said({ global: pattern });
      expect(found.verdict).toBe('contradicts');
      expect(found.reason).toMatch(reason);
    });
    test('contradicts the key of an SA', async () => {
      expect((await said({ '10.0.1.1_10.0.2.1': 'repeated' })).reason).toMatch(
        /node1 before: SA 10\.0\.1\.1 -> 10\.0\.2\.1.*is one part that repeats/,
      );
    });
    test('is inconclusive where a key is not classed or the file cannot be read, not exercised where there is none', async () => {
      const edited = await judge('CFG-09', {
        files: { 'key-patterns.json': JSON.stringify({ schema: 1, keys: { global: 'none' } }) },
      });
      expect(edited.verdict).toBe('inconclusive');
      expect((await judge('CFG-09', { files: { 'key-patterns.json': '{' } })).verdict).toBe('inconclusive');
      expect((await said({ global: 'strong' })).verdict).toBe('inconclusive');
      expect((await judge('CFG-09')).verdict).toBe('not-exercised');
    });
  });

  test('CFG-01 tells of debug mode, which decides nothing', async () => {
    const debug = (value: string) =>
      edit('node1', 'cilium-config', 'EncryptNode', `Debug                             : ${value}\nEncryptNode`);
    expect(await judge('CFG-01', { output: debug('Enabled') })).toMatchObject({
      verdict: 'supports',
      notes: ['node1 before: the agent runs in debug mode, whose logs can hold confidential data'],
    });
    expect((await judge('CFG-01', { output: debug('Disabled') })).notes).toEqual([]);
  });

  test('CFG-02 tells of a copy of the key in an annotation, which decides nothing', async () => {
    const copy = (word: string): NonNullable<SampleChange['output']> => {
      return (o) => (o.collector === 'cilium-nodes' ? { ...o, collector: 'key-secret-copy', stdout: `${word}\n` } : o);
    };
    expect(await judge('CFG-02', { output: copy('holds-data') })).toMatchObject({
      verdict: 'supports',
      reason: expect.stringMatching(/contains a copy of a key, written by `kubectl apply`/),
    });
    expect((await judge('CFG-02', { output: copy('absent') })).reason).not.toMatch(/copy/);
  });

  test.each<[string, string, NonNullable<SampleChange['output']>, RegExp]>([
    ['CFG-01', 'L01 off', edit('node1', 'cilium-config', /(EnableIPSec +): true/, '$1: false'), /node1 before: enable-ipsec is false/],
    ['CFG-02', 'id 16', edit(null, 'key-secret', '3+', '16+'), /key Secret/],
    ['CFG-02', 'id 0', edit(null, 'key-secret', '3+', '0+'), /key Secret/],
    ['CFG-02', 'short key', edit(null, 'key-secret', ':160:', ':80:'), /key Secret/],
    ['CFG-02', 'bad hex', edit(null, 'key-secret', /<key[^>]*>/, '<unreadable-key>'), /key Secret/],
    ['CFG-05', 'toggled', edit('node1', 'cilium-config', /(EncryptNode +): false/, '$1: true'), /encrypt-node is true/],
    ['CFG-07', 'L32 stale keys', edit('node1', 'encrypt-status', 'use: 4', 'use: 2'), /says 2 keys in use, the kernel has 4/],
    [
      'CFG-07',
      'L32 nothing in the kernel',
      (o) => (o.collector === 'xfrm-state' ? { ...o, stdout: '' } : o),
      /says IPsec, the kernel has 0 SAs/,
    ],
    ['CFG-07', 'stale sequence', edit('node1', 'encrypt-status', /Number: 0x\w+/, 'Number: 0xffff'), /says sequence 65535/],
  ])('%s contradicts: %s', async (id, _name, output, reason) => {
    const finding = await judge(id, { output });
    expect(finding.verdict, finding.reason).toBe('contradicts');
    expect(finding.reason).toMatch(reason);
  });

  test('CFG-07: a number that only ESN reaches is compared as exactly as it was decoded', async () => {
    const high =
      (last: string): NonNullable<SampleChange['output']> =>
      (o) => {
        if (o.collector === 'xfrm-state')
          return { ...o, stdout: o.stdout.replaceAll(/oseq-hi 0x0, oseq 0x\w+/g, 'oseq-hi 0xfffff000, oseq 0x400') };
        return o.collector === 'encrypt-status' ? { ...o, stdout: o.stdout.replace(/Number: 0x\w+/, `Number: 0xfffff00000000${last}`) } : o;
      };
    expect((await judge('CFG-07', { output: high('400') })).verdict).toBe('supports');
    expect((await judge('CFG-07', { output: high('fff') })).verdict).toBe('contradicts');
  });

  test('CFG-01: the ConfigMap speaks where the agent is silent', async () => {
    const output: NonNullable<SampleChange['output']> = (o) => {
      if (o.collector === 'cilium-config') return { ...o, stdout: 'EncryptNode                       : false\n' };
      return o.collector === 'key-secret'
        ? { ...o, collector: 'cilium-config-map', stdout: 'apiVersion: v1\ndata:\n  enable-ipsec: "true"\nkind: ConfigMap\n' }
        : o;
    };
    const finding = await judge('CFG-01', { output });
    expect(finding.verdict, finding.reason).toBe('supports');
  });

  test('CFG-07: what status and kernel said before they agreed is told', async () => {
    const detail = { snapshot: 'after', node: 'node1', tries: 2, differences: ['the agent has 1 keys in use, the kernel 2'] };
    const at = { utc: '2026-01-02T03:04:05.000Z', monotonicMs: 0 };
    const { verdict, reason } = await judge('CFG-07', { events: [{ at, event: 'read-again', detail }] });
    expect(verdict, reason).toBe('supports');
    expect(reason).toContain('node1 after: read 2 times, because the agent has 1 keys in use, the kernel 2');
  });

  test('CFG-03: an id without + contradicts where the version goes by it, and not where it derives in any case', async () => {
    const output = edit(null, 'key-secret', '3+', '3');
    const byTheSecret = await judge('CFG-03', { intent: { profile: '1.16' }, output });
    expect(byTheSecret).toMatchObject({ verdict: 'contradicts', reason: expect.stringContaining('GHSA-pwqm-x5x6-5586') });
    expect((await judge('CFG-03', { intent: { profile: '1.18' }, output })).verdict).toBe('supports');
  });

  test('CFG-03: with one shared key claimed it does not apply, and says why that matters', async () => {
    const finding = await judge('CFG-03', { intent: { profile: '1.14', perTunnelKeys: false } });
    expect(finding.verdict).toBe('not-applicable');
    expect(finding.reason).toContain('GHSA-pwqm-x5x6-5586');
  });

  test('CFG-04: native routing, wrong interface', async () => {
    const native: SampleChange = { intent: { routing: 'native' } };
    expect((await judge('CFG-04')).verdict).toBe('not-applicable');
    expect((await judge('CFG-04', native)).verdict).toBe('supports');
    const finding = await judge('CFG-04', { ...native, output: edit('node1', 'encrypt-status', 'eth0', 'eth1') });
    expect(finding.verdict).toBe('contradicts');
  });

  test('CFG-01 tells what the drift checker of the agent counts', async () => {
    const counted = (row: string) =>
      judge('CFG-01', {
        output: (o) =>
          o.collector === 'cilium-version' && o.node === 'node1'
            ? { ...o, collector: 'config-drift', stdout: `Metric Labels Value\n${row}` }
            : o,
      });
    expect(await counted('cilium_drift_checker_config_delta   2.000000\n')).toMatchObject({
      verdict: 'supports',
      notes: [expect.stringMatching(/^node1 before: the agent counts 2 setting\(s\) that differ from the ConfigMap/)],
    });
    for (const row of ['cilium_drift_checker_config_delta   0.000000\n', '', 'Error: no metrics\n'])
      expect(await counted(row)).toMatchObject({ verdict: 'supports', notes: [] });
  });

  describe('CFG-11', () => {
    const said = (options: Readonly<Record<string, string>>, intent: NonNullable<SampleChange['intent']>, printed = '') => {
      const data = Object.entries(options).map(([name, value]) => `  ${name}: "${value}"\n`);
      return judge('CFG-11', {
        intent,
        output: (o) => {
          if (o.collector === 'cilium-config') return { ...o, stdout: `${o.stdout}\n${printed}` };
          // The sample has no ConfigMap, but another object of the cluster.
          if (o.collector !== 'cilium-nodes') return o;
          return {
            ...o,
            collector: 'cilium-config-map',
            stdout: `apiVersion: v1\ndata:\n  enable-ipv4: "true"\n${data.join('')}kind: ConfigMap\n`,
          };
        },
      });
    };
    const REPLACED = { 'kube-proxy-replacement': 'true' };
    const DSR = { ...REPLACED, 'bpf-lb-mode': 'dsr', 'bpf-lb-dsr-dispatch': 'geneve' };

    test.each<[string, Readonly<Record<string, string>>, NonNullable<SampleChange['intent']>]>([
      ['no option is set', REPLACED, { loadBalancer: 'snat', loadBalancerXdp: false }],
      ['kube-proxy does it', { ...DSR, 'kube-proxy-replacement': 'false' }, { loadBalancer: 'snat' }],
      ['DSR in Geneve', DSR, { loadBalancer: 'dsr-geneve' }],
      ['hybrid, which is DSR for TCP', { ...DSR, 'bpf-lb-mode': 'hybrid' }, { loadBalancer: 'dsr-geneve' }],
      ['DSR as every release does it', { ...REPLACED, 'bpf-lb-mode': 'dsr' }, { loadBalancer: 'dsr-opt' }],
      ['XDP', { ...REPLACED, 'bpf-lb-acceleration': 'native' }, { loadBalancerXdp: true }],
    ])('supports %s as claimed', async (_, options, intent) => {
      const found = await said(options, intent);
      expect(found.verdict, found.reason).toBe('supports');
    });

    test.each<[Readonly<Record<string, string>>, NonNullable<SampleChange['intent']>, RegExp]>([
      [DSR, { loadBalancer: 'snat' }, /node1 before: requests from outside are sent on by dsr-geneve, the intent claims snat/],
      [DSR, { loadBalancer: 'dsr-opt' }, /by dsr-geneve, the intent claims dsr-opt/],
      [{ ...DSR, 'kube-proxy-replacement': 'false' }, { loadBalancer: 'dsr-geneve' }, /by snat, the intent claims dsr-geneve/],
      [{ ...REPLACED, 'bpf-lb-acceleration': 'native' }, { loadBalancerXdp: false }, /XDP is native, the intent claims false/],
      [{ 'bpf-lb-acceleration': 'native' }, { loadBalancerXdp: true }, /native, and kube-proxy is not replaced, the intent claims true/],
    ])('contradicts %j where %j is claimed', async (options, intent, reason) => {
      expect(await said(options, intent)).toMatchObject({ verdict: 'contradicts', reason: expect.stringMatching(reason) });
    });

    test('contradicts an agent that runs with another value than the ConfigMap has', async () => {
      const found = await said(DSR, { loadBalancer: 'snat' }, 'NodePortMode : snat\n');
      expect(found).toMatchObject({
        verdict: 'contradicts',
        reason: expect.stringMatching(/bpf-lb-mode is snat, but the ConfigMap has dsr/),
      });
    });

    test('is inconclusive where the agent does only part of the work of kube-proxy', async () => {
      const found = await said({ ...DSR, 'kube-proxy-replacement': 'partial' }, { loadBalancer: 'snat' });
      expect(found).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(/kube-proxy-replacement is partial/) });
    });

    test('says nothing without a claim, and is inconclusive where nobody says the mode', async () => {
      expect((await judge('CFG-11')).verdict).toBe('not-applicable');
      const blind = await judge('CFG-11', { intent: { loadBalancer: 'snat' } });
      expect(blind.verdict).toBe('inconclusive');
    });
  });

  test('CFG-06: strict mode claimed and absent', async () =>
    expect((await judge('CFG-06', { intent: { strictMode: true } })).verdict).toBe('contradicts'));

  test('CFG-06: strict mode for ingress', async () => {
    const running = (value: boolean, strictIngress?: boolean) =>
      judgeSample(catalogue, 'CFG-06', 'wireguard', {
        intent: strictIngress === undefined ? {} : { strictIngress },
        output: (o) =>
          o.collector === 'cilium-config' ? { ...o, stdout: `${o.stdout}\nEnableEncryptionStrictModeIngress : ${value}\n` } : o,
      });
    expect((await running(true, true)).verdict).toBe('supports');
    expect(await running(false, true)).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringMatching(/strict mode for ingress is false, the intent claims true/),
    });
    expect((await running(true, false)).verdict).toBe('contradicts');
    expect((await judgeSample(catalogue, 'CFG-06', 'wireguard', { intent: { strictIngress: true } })).reason).toMatch(/ingress is absent/);
    const unclaimed = await running(true);
    expect(unclaimed).toMatchObject({ verdict: 'supports', notes: expect.arrayContaining([expect.stringMatching(/does not mention/)]) });
  });

  test.each([
    ['CFG-01', 'cilium-config'],
    ['CFG-02', 'key-secret'],
    ['CFG-03', 'key-secret'],
    ['CFG-05', 'cilium-config'],
    ['CFG-06', 'cilium-config'],
    ['CFG-07', 'encrypt-status'],
  ])('%s without %s: inconclusive', async (id, collector) =>
    expect((await judge(id, { output: (o) => (o.collector === collector ? null : o) })).verdict).toBe('inconclusive'),
  );
});
