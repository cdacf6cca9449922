import { describe, expect, test } from 'vitest';
import { type TreatedFlow, treatmentOf } from '../../../judge/wire/treatment.ts';
import type { Mode, Routing } from '../../../model/mode.ts';
import { flowPathSchema } from '../../../model/recording.ts';
import { sampleIntent } from '../../../testing/two-nodes.ts';
import { markMismatch } from '../../marks.ts';
import { IN_MARK, OUT_MARK } from './marks.ts';
import { profileFor, profiles } from './profile-for.ts';

describe('profileFor', () => {
  test.each([
    ['1.15.10', '1.15'],
    ['1.16', '1.16'],
    ['1.16.2', '1.16'],
    ['v1.18.3', '1.18'],
    ['1.20.0-dev', '1.20'],
    ['1.6.3', '1.6'],
  ])('%s is profile %s', (version, id) => expect(profileFor(version)?.id).toBe(id));

  test.each(['1.13', '1.999.1', '2.16', '', 'latest', '1', '1.160', 'x1.16'])('%j has none', (version) =>
    expect(profileFor(version)).toBeNull(),
  );
});

describe('profiles', () => {
  test.each(profiles.map((p) => [p.id, p] as const))('%s treats every path of every mode', (_id, profile) => {
    for (const mode of ['ipsec', 'wireguard', 'none'] satisfies Mode[])
      for (const routing of ['vxlan', 'geneve', 'native'] satisfies Routing[])
        for (const nodeEncryption of [true, false])
          for (const path of flowPathSchema.options) {
            // An egress gateway can be claimed in a tunnel that is encrypted as a whole, and nothing else is known of it.
            const known =
              path !== 'pod-egress' || mode === 'none' || (routing !== 'native' && ['1.18', '1.19', '1.20'].includes(profile.id));
            expect([path, treatmentOf(profile, sampleIntent(mode, { routing, nodeEncryption }), { path }).known]).toEqual([path, known]);
          }
  });

  test('a host reaches a remote pod encrypted from 1.18 in tunnel mode only', () => {
    const treat = (version: string, routing: Routing) =>
      treatmentOf(profileFor(version), sampleIntent('ipsec', { routing }), { path: 'node-pod' }).treatment;
    expect([treat('1.17', 'vxlan'), treat('1.18', 'vxlan'), treat('1.18', 'native')]).toEqual([
      'clear-by-design',
      'encrypted',
      'clear-by-design',
    ]);
  });

  test('what a node sends on for a client outside is encrypted with the tunnel, or with node encryption', () => {
    const treat = (version: string, mode: Mode, routing: Routing, nodeEncryption = false) =>
      treatmentOf(profileFor(version), sampleIntent(mode, { routing, nodeEncryption }), { path: 'outside-pod' }).treatment;
    expect(['1.14', '1.16', '1.17', '1.18', '1.20'].map((version) => treat(version, 'wireguard', 'vxlan'))).toEqual([
      'clear-by-design',
      ...['1.16', '1.17', '1.18', '1.20'].map(() => 'encrypted'),
    ]);
    expect(['1.17', '1.18'].map((version) => treat(version, 'ipsec', 'geneve'))).toEqual(['clear-by-design', 'encrypted']);
    expect([false, true].map((nodes) => treat('1.20', 'wireguard', 'native', nodes))).toEqual(['clear-by-design', 'encrypted']);
    expect(treat('1.20', 'ipsec', 'native')).toBe('clear-by-design');
  });

  test('from 1.18 a fragmented echo over IPv4 is dropped, and nothing else', () => {
    const treat = (version: string, more: Partial<TreatedFlow> = {}) =>
      treatmentOf(profileFor(version), sampleIntent('ipsec', { routing: 'vxlan' }), {
        path: 'pod-pod',
        protocol: 'icmp',
        family: 'ipv4',
        largeBytes: 3000,
        ...more,
      });
    for (const version of ['1.18', '1.19', '1.20']) {
      expect(treat(version)).toMatchObject({ treatment: 'dropped', known: true, reason: expect.stringContaining('conntrack.h') });
      for (const other of [{ protocol: 'tcp' }, { protocol: 'udp' }, { family: 'ipv6' }] as const)
        expect([version, other, treat(version, other).treatment]).toEqual([version, other, 'encrypted']);
    }
    expect(treat('1.17').reason).not.toMatch(/conntrack\.h/);
    const { largeBytes: _, ...small } = { path: 'pod-pod', protocol: 'icmp', family: 'ipv4', largeBytes: 0 } as const;
    expect(treatmentOf(profileFor('1.18'), sampleIntent('ipsec', { routing: 'vxlan' }), small).treatment).toBe('encrypted');
  });

  test.each(['1.16.2', '1.17.8'])(
    '%s: a large datagram inside an IPsec tunnel is lost, a large TCP request and any WireGuard packet is not',
    (version) => {
      const treat = (mode: Mode, routing: Routing, protocol: 'tcp' | 'udp' | 'icmp', large = true) =>
        treatmentOf(profileFor(version), sampleIntent(mode, { routing }), {
          ...{ path: 'pod-pod', protocol, family: 'ipv4' },
          ...(large ? { largeBytes: 3000 } : {}),
        }).treatment;
      for (const protocol of ['udp', 'icmp'] as const) {
        expect(treat('ipsec', 'vxlan', protocol)).toBe('dropped');
        expect(treat('ipsec', 'vxlan', protocol, false)).toBe('encrypted');
        expect([treat('ipsec', 'native', protocol), treat('wireguard', 'vxlan', protocol)]).toEqual(['encrypted', 'encrypted']);
      }
      expect(treat('ipsec', 'vxlan', 'tcp')).toBe('encrypted');
    },
  );

  test('a version that was not recorded claims no recording of its IPsec', () =>
    expect(JSON.stringify(profileFor('1.15')?.ipsec)).not.toContain('"recorded"'));
});

describe('markMismatch', () => {
  test('a real mark fits', () => {
    expect(markMismatch(OUT_MARK, { value: 0xbbd33e00, mask: 0xffffff00 }, 3)).toBeNull();
    expect(markMismatch(IN_MARK, { value: 0x79b80d00, mask: 0xffff0f00 }, 3)).toBeNull();
  });
  test('another key id, mask, node id 0 and no mark do not', () => {
    expect(markMismatch(OUT_MARK, { value: 0xbbd34e00, mask: 0xffffff00 }, 3)).toContain('0xbbd34e00');
    expect(markMismatch(OUT_MARK, { value: 0xbbd33e00, mask: 0xffff0f00 }, 3)).toContain('expected');
    expect(markMismatch(OUT_MARK, { value: 0x3e00, mask: 0xffffff00 }, 3)).toContain('node id 0');
    expect(markMismatch(OUT_MARK, null, 3)).toContain('no mark');
  });
});
