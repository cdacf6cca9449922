import { describe, expect, test } from 'vitest';
import { AGENTS, agentFixture, fixture, fixtureNames, haveFixtures, WITHOUT_FIXTURES } from '../../testing/fixture.ts';
import { sha256Fingerprint } from './fingerprint.ts';
import { redactXfrmKeys } from './redact.ts';
import { decodeXfrmState } from './xfrm-state.ts';

const SA = `src 10.0.1.1 dst 10.0.2.1
	proto esp spi 0x00000003 reqid 1 mode tunnel
	replay-window 0 flag af-unspec
	mark 0x23e00/0xffffff00 output-mark 0xe00/0xffffff00
	aead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 128
	anti-replay context: seq 0x0, oseq 0x23, bitmap 0x00000000
	sel src 0.0.0.0/0 dst 0.0.0.0/0 
`;

const item = {
  src: '10.0.1.1',
  dst: '10.0.2.1',
  proto: 'esp',
  spi: '0x00000003',
  reqid: 1,
  mode: 'tunnel',
  replayWindow: 0,
  flags: ['af-unspec'],
  mark: { value: 0x23e00, mask: 0xffffff00 },
  outputMark: { value: 0xe00, mask: 0xffffff00 },
  aead: {
    name: 'rfc4106(gcm(aes))',
    keyBits: 160,
    icvBits: 128,
    fingerprint: sha256Fingerprint(Uint8Array.from({ length: 20 }, (_, index) => index)),
  },
  seq: 0,
  oseq: 0x23,
  sel: { src: '0.0.0.0/0', dst: '0.0.0.0/0' },
};

describe('ip xfrm state', () => {
  test('reads an SA', () => expect(decodeXfrmState(SA)).toEqual({ items: [item], unparsed: [] }));

  test('reads it with the indentation lost, with EM SPACE, with -o and with CR LF', () => {
    const forms = [
      SA.replaceAll('\t', ''),
      SA.replaceAll('\t', '\u2003'),
      `${SA.trim().replaceAll('\n', '\\')}\n`,
      SA.replaceAll('\n', '\r\n'),
    ];
    for (const form of forms) expect(decodeXfrmState(form)).toEqual({ items: [item], unparsed: [] });
  });

  test('reads keys that are hidden or redacted', () => {
    const { fingerprint: _fingerprint, keyBits: _keyBits, ...hidden } = item.aead;
    expect(decodeXfrmState(SA.replace(/0x0001\w+/, '<<Keys hidden>>')).items).toEqual([{ ...item, aead: hidden }]);
    expect(decodeXfrmState(redactXfrmKeys(SA, sha256Fingerprint))).toEqual({ items: [item], unparsed: [] });
    expect(decodeXfrmState(SA.replace(/0x0001\w+/, '<key:160:0123456789abcdef01234567> (160 bits)')).items[0]?.aead?.fingerprint).toBe(
      '0123456789abcdef01234567',
    );
  });

  test('reads authentication, encryption, encapsulation, if_id, direction and offload', () => {
    const text = `src 2001:db8::1 dst 2001:db8::2
	proto esp spi 0xcafe0001 reqid 16 mode transport
	replay-window 32 flag noecn extra-flag dont-encap-dscp
	auth-trunc hmac(sha256) 0x${'ab'.repeat(32)} 128
	enc cbc(aes) 0x${'cd'.repeat(32)}
	encap type espinudp sport 4500 dport 4501 addr 0.0.0.0
	if_id 0x2a
	dir in
	crypto offload parameters: dev eth0 dir in mode packet
`;
    const { items, unparsed } = decodeXfrmState(text, { fingerprint: (key) => `${key.length}` });
    expect(unparsed).toEqual([]);
    expect(items[0]).toMatchObject({
      spi: '0xcafe0001',
      flags: ['noecn', 'dont-encap-dscp'],
      auth: { name: 'hmac(sha256)', keyBits: 256, icvBits: 128, fingerprint: '32' },
      enc: { name: 'cbc(aes)', keyBits: 256 },
      encap: { type: 'espinudp', sport: 4500, dport: 4501, addr: '0.0.0.0' },
      ifId: 42,
      dir: 'in',
      offload: { dev: 'eth0', dir: 'in', mode: 'packet' },
    });
    expect(items[0]).not.toHaveProperty('oseq');
    expect(items[0]).not.toHaveProperty('mark');
  });

  test('joins the halves of an ESN context, on four lines or on one', () => {
    const lines = [
      'anti-replay esn context:',
      ' seq-hi 0x1, seq 0x2, oseq-hi 0x3, oseq 0x4',
      ' replay_window 1024, bitmap-length 32',
      ' 00000000 007fffff',
    ];
    for (const joint of ['\n', ' ']) {
      const { items, unparsed } = decodeXfrmState(SA.replace(/anti-replay context.*/, lines.join(joint)));
      expect(unparsed).toEqual([]);
      expect(items[0]).toMatchObject({ seq: 2 ** 32 + 2, oseq: 3 * 2 ** 32 + 4, replayWindow: 1024 });
      expect(items[0]).not.toHaveProperty('incomplete');
    }
  });

  test('an SA that was cut is incomplete wherever the cut is before its last field', () => {
    const whole = SA.slice(0, SA.indexOf('\n\tsel'));
    for (let end = whole.indexOf(' 128\n'); end < whole.length; end += 1) {
      const { items } = decodeXfrmState(SA.slice(0, end));
      expect(items[0]?.oseq === undefined || items[0].oseq === 0x23, SA.slice(0, end)).toBe(true);
    }
    expect(decodeXfrmState('src 1.1.1.1 dst 2.2.2.2\n').items[0]?.incomplete).toBe(true);
  });

  test('a line that is not understood is reported by number, masked', () => {
    const text = `${SA}\tmystery 0x${'ef'.repeat(20)} here\n`;
    expect(decodeXfrmState(text).unparsed).toEqual([{ line: 8, text: '\tmystery 0x<masked> here' }]);
    expect(decodeXfrmState(text).items[0]?.incomplete).toBe(true);
  });

  test('a key where a name is expected is not a name', () => {
    const { items, unparsed } = decodeXfrmState(SA.replace('rfc4106(gcm(aes)) ', ''));
    expect(items[0]).not.toHaveProperty('aead');
    expect(unparsed).toEqual([{ line: 5, text: '\taead <masked>' }]);
  });

  test('forms of other versions and tools: extra_flag, Cilium’s hashes in place of keys', () => {
    const sa = decodeXfrmState(
      `src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi 0x3 reqid 1 mode tunnel\n\treplay-window 32 extra_flag dont-encap-dscp oseq-may-wrap\n\taead rfc4106(gcm(aes)) [hash:${'0f'.repeat(32)}] (160 bits) 128\n`,
    );
    expect(sa.unparsed).toEqual([]);
    expect(sa.items[0]).toMatchObject({
      replayWindow: 32,
      flags: ['dont-encap-dscp', 'oseq-may-wrap'],
      aead: { name: 'rfc4106(gcm(aes))', keyBits: 160, icvBits: 128, fingerprint: `hash:${'0f'.repeat(12)}` },
    });
    expect(decodeXfrmState(SA.replace('flag esn', 'flag esn extra_flag oseq-may-wrap')).unparsed).toEqual([]);
  });

  test('a key is not shown when it is cut, in another field, or a phrase', () => {
    const key = '46a003d2d64c57babd01910a4030a257f07b8aeb';
    const shown = (text: string): string => JSON.stringify(decodeXfrmState(text));
    const line = `src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi 0x3 reqid 1 mode tunnel\n\tenc cbc(aes) 0x${key} 128`;
    for (let at = line.length - key.length - 4; at < line.length - 4; at++) {
      const text = shown(`${line.slice(0, at)}\n${line.slice(at)}`);
      for (let from = 0; from + 8 <= key.length; from++) expect(text).not.toContain(key.slice(from, from + 8));
    }
    for (const odd of [
      `\tproto esp spi 0x${key} reqid 1 mode tunnel`,
      `\tproto esp spi 0x3 reqid 1 mode ${key}`,
      `\tproto ${key} spi 0x3 reqid 1 mode tunnel`,
      `\tenc cbc(aes) ${key.slice(0, 20)}`,
    ])
      expect(shown(`src 10.0.0.1 dst 10.0.0.2\n${odd}\n`)).not.toContain(key.slice(0, 9));
    expect(shown(`${SA}\tenc cbc(aes) correct horse battery\n`)).not.toContain('horse');
  });

  test('an SA that a monitor printed as deleted is not live', () => {
    const { items, unparsed } = decodeXfrmState(`${SA}Deleted ${SA}`);
    expect(items).toEqual([item]);
    expect(unparsed).toHaveLength(7);
  });
});

describe.skipIf(!haveFixtures)(`ip xfrm state of the fixtures (${haveFixtures ? 'present' : WITHOUT_FIXTURES})`, () => {
  const COUNT: Record<string, number> = {
    'lsw-ipcomp.txt': 6,
    'lsw-ipv6-esn.txt': 3,
    'cilium-1.13-upgrade-diff.txt': 2,
    'cilium-xfrm-monitor-deleted.txt': 0,
  };

  test.each(fixtureNames('xfrm-state'))('%s', (name) => {
    const { items, unparsed } = decodeXfrmState(fixture(`xfrm-state/${name}`));
    expect(items).toHaveLength(COUNT[name] ?? (name.startsWith('lsw') ? 2 : 1));
    // libreswan's test suite masks values: those lines are damaged, and nothing else is.
    if (name.startsWith('lsw')) {
      for (const { text } of unparsed) expect(text).toMatch(/SPISPI|REQID|KEY|XX|^\s*(?:aead|auth-trunc|enc) \S+ <masked>$/);
      for (const { incomplete } of items) expect(incomplete).toBe(true);
    }
    expect(JSON.stringify({ items, unparsed })).not.toMatch(/0x[0-9a-f]{9}/);
  });

  test('features', () => {
    const first = (name: string) => decodeXfrmState(fixture(`xfrm-state/${name}.txt`)).items[0];
    expect(first('cilium-1.9-eni-s-out')).toMatchObject({
      mark: { value: 0x3e00, mask: 0xff00 },
      outputMark: { value: 0xe00, mask: 0xffffffff },
      aead: { keyBits: 160, icvBits: 128 },
      oseq: 9,
      bytes: 540,
      packets: 9,
      stats: { failed: 0 },
    });
    expect(first('cilium-1.9-eni-s-in-idle')?.oseq).toBe(6);
    expect(first('cilium-1.10-endpointroutes-after')?.outputMark).toEqual({ value: 0, mask: 0xf00 });
    expect(first('cilium-ut-truncated')).toMatchObject({ incomplete: true });
    expect(first('cilium-ut-truncated')).not.toHaveProperty('oseq');
    expect(first('lsw-esp-null')?.enc).toEqual({ name: 'ecb(cipher_null)' });
    expect(first('lsw-ah-align4')).toMatchObject({ proto: 'ah', flags: ['af-unspec', 'align4'], dir: 'out' });
    expect(first('lsw-espinudp')?.encap?.type).toBe('espinudp');
    expect(first('lsw-if_id-outputmark')).toMatchObject({ ifId: 1, outputMark: { value: 1, mask: 0xffffffff } });
    const [old, fresh] = decodeXfrmState(fixture('xfrm-state/cilium-1.13-upgrade-diff.txt')).items;
    expect([old?.mark, fresh?.mark]).toEqual([
      { value: 0x3e00, mask: 0xff00 },
      { value: 0x713f3e00, mask: 0xffffff00 },
    ]);
    expect([old?.oseq, fresh?.oseq]).toEqual([0x16, 0]);
  });

  test.each(AGENTS)('%s', (agent) => {
    const [plain, long, hidden] = ['xfrm-state', 'xfrm-state-s', 'xfrm-state-nokeys'].map((name) =>
      decodeXfrmState(agentFixture(agent, name)),
    );
    const count = agent.includes('wireguard') ? 0 : agent.startsWith('v1.14') ? 2 : 4;
    for (const decoded of [plain, long, hidden]) {
      expect(decoded?.unparsed).toEqual([]);
      expect(decoded?.items).toHaveLength(count);
      for (const sa of decoded?.items ?? [])
        expect(sa).toMatchObject({
          proto: 'esp',
          spi: '0x00000003',
          reqid: 1,
          mode: 'tunnel',
          aead: { name: 'rfc4106(gcm(aes))', icvBits: 128 },
        });
    }
    for (const sa of plain?.items ?? []) {
      expect(sa.aead).toMatchObject({ keyBits: 160 });
      expect(sa.replayWindow).toBe(agent.startsWith('v1.14') ? 0 : 1024);
      expect(sa.flags).toEqual(agent.startsWith('v1.14') ? [] : ['esn']);
    }
    expect(long?.items.map((sa) => sa.aead)).toEqual(plain?.items.map((sa) => sa.aead));
    expect(new Set(plain?.items.map((sa) => sa.aead?.fingerprint)).size).toBe(agent.startsWith('v1.14') ? Math.min(count, 1) : count);
    for (const sa of long?.items ?? []) expect(sa.packets).toBeTypeOf('number');
  });

  test.each(fixtureNames('lab').filter((name) => name.endsWith('.state.txt')))('%s', (name) => {
    const text = fixture(`lab/${name}`);
    const section = text.split(/^### /m).find((part) => part.startsWith('node1: ip xfrm state'));
    const body = (section ?? '').split('\n').slice(1).join('\n');
    const { items, unparsed } = decodeXfrmState(body);
    expect(unparsed).toEqual([]);
    expect(items.length > 0).toBe(name.startsWith('ipsec'));
  });
});
