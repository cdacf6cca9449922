import { describe, expect, test } from 'vitest';
import { judgeDual } from '../harness/testing/sample-dual.ts';
import { edit } from '../harness/testing/sample-judge.ts';
import { catalogue } from './catalogue.ts';

const without =
  (collector: string, ipv6Only = false) =>
  (output: { collector: string; argv?: readonly string[] }) =>
    output.collector === collector && (!ipv6Only || output.argv?.join(' ').includes(':') || output.argv?.includes('-6')) ? null : output;

const IPSEC = catalogue;

describe('a healthy dual stack cluster', () => {
  test.each(['XFR-01', 'XFR-02', 'XFR-03', 'XFR-05', 'XFR-06', 'XFR-07', 'RUL-01', 'RUL-02', 'RUL-03', 'PRE-01'])(
    '%s supports, with both families and with IPv4 alone claimed',
    async (id) => {
      expect(await judgeDual(IPSEC, id, 'ipsec')).toMatchObject({ verdict: 'supports' });
      expect(await judgeDual(IPSEC, id, 'ipsec', { intent: { families: ['ipv4'] } })).toMatchObject({ verdict: 'supports' });
    },
  );

  test('WGD-04 supports', async () => {
    expect(await judgeDual(catalogue, 'WGD-04', 'wireguard')).toMatchObject({ verdict: 'supports' });
  });

  test('counts the SAs of both families', async () => {
    const both = await judgeDual(catalogue, 'XFR-01', 'ipsec');
    const one = await judgeDual(catalogue, 'XFR-01', 'ipsec', { intent: { families: ['ipv4'] } });
    expect(both.observed).toMatch(/^24 SAs/);
    expect(one.observed).toMatch(/^16 SAs/);
  });
});

/** Each fault is one of IPv6 alone; the claim of IPv4 alone stays untouched by it. */
const FAULTS: readonly (readonly [string, string, ReturnType<typeof edit>, RegExp])[] = [
  [
    'XFR-01',
    'an IPv6 SA is gone',
    edit('node1', 'xfrm-state', /^src fd00:10:0:1::1 [\s\S]*?(?=^src )/m, ''),
    /out SA fd00:10:0:1::1 -> fd00:10:0:2::1 is missing/,
  ],
  [
    'XFR-06',
    'the IPv6 out policy is gone',
    edit('node1', 'xfrm-policy', /^src ::\/0 dst fd00:10:0:2::\/64[\s\S]*$/m, ''),
    /fd00:10:0:2::\/64 is missing/,
  ],
  [
    'XFR-07',
    'the IPv6 block policy is gone',
    edit('node1', 'xfrm-policy', /^src ::\/0 dst ::\/0 \n\tdir out action block[^\n]*\n[^\n]*\n/m, ''),
    /node1 before: ipv6 block policy is missing/,
  ],
  ['RUL-01', 'an IPv6 rule is gone', edit('node1', 'ip-rule-6', /^1:.*0xe00.*\n/m, ''), /ipv6 rule .*0xe00.* is missing/],
  [
    'RUL-03',
    'IPv6 goes around the tunnel',
    edit('node1', 'ip-route', /(fd00:10:0:2::\/64) dev cilium_host/, '$1 dev eth0'),
    /fd00:10:0:2::\/64 by eth0/,
  ],
];

describe('a fault of IPv6 alone', () => {
  test.each(FAULTS)('%s contradicts when %s', async (id, _what, output, reason) => {
    expect(await judgeDual(IPSEC, id, 'ipsec', { output })).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringMatching(reason),
    });
    expect(await judgeDual(IPSEC, id, 'ipsec', { output, intent: { families: ['ipv4'] } })).toMatchObject({ verdict: 'supports' });
  });

  test('RUL-02 contradicts when the IPv6 table is empty, and is inconclusive when nobody read it', async () => {
    const empty = (output: Parameters<ReturnType<typeof edit>>[0]) =>
      output.collector === 'ip-route-200' && output.argv?.includes('-6') ? { ...output, stdout: '' } : output;
    expect(await judgeDual(catalogue, 'RUL-02', 'ipsec', { output: empty })).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringContaining('local route to fd00:10:0:1::/64 dev cilium_vxlan is missing'),
    });
    const unread = (output: Parameters<ReturnType<typeof edit>>[0]) =>
      output.collector === 'ip-route-200' && output.argv?.includes('-6') ? null : output;
    expect(await judgeDual(catalogue, 'RUL-02', 'ipsec', { output: unread })).toMatchObject({ verdict: 'inconclusive' });
  });

  test('RUL-01 and RUL-03 are inconclusive without the IPv6 readings', async () => {
    expect(await judgeDual(catalogue, 'RUL-01', 'ipsec', { output: without('ip-rule-6') as ReturnType<typeof edit> })).toMatchObject({
      verdict: 'inconclusive',
    });
    expect(
      await judgeDual(catalogue, 'RUL-03', 'ipsec', { output: without('ip-route-get', true) as ReturnType<typeof edit> }),
    ).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('fd00:10:0:2::b'),
    });
  });

  test('WGD-04 contradicts when the IPv6 node address is not allowed', async () => {
    const output = edit('node1', 'wg-allowed-ips', / fd00:172:18::2\/128/, '');
    expect(await judgeDual(catalogue, 'WGD-04', 'wireguard', { output })).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringContaining("node2's peer do not contain fd00:172:18::2"),
    });
    expect(await judgeDual(catalogue, 'WGD-04', 'wireguard', { output, intent: { families: ['ipv4'] } })).toMatchObject({
      verdict: 'supports',
    });
  });

  test('PRE-01 contradicts when the agent has IPv6 off', async () => {
    const output = edit('node2', 'cilium-config', /$/, 'EnableIPv6                        : false\n');
    expect(await judgeDual(catalogue, 'PRE-01', 'ipsec', { output })).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringContaining('enable-ipv6 is false'),
    });
    expect(await judgeDual(catalogue, 'PRE-01', 'ipsec', { output, intent: { families: ['ipv4'] } })).toMatchObject({
      verdict: 'supports',
    });
  });
});

test('a profile that has nothing for IPv6 leaves IPv6 open, never faulty', async () => {
  const intent = { profile: '1.6', perTunnelKeys: false, families: ['ipv6'] as const };
  for (const id of ['XFR-06', 'RUL-01', 'RUL-02'])
    expect(await judgeDual(IPSEC, id, 'ipsec', { intent }), id).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('profile 1.6 has nothing for IPv6'),
    });
});
