import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AGENTS, agentFixture, fixture, haveFixtures, WITHOUT_FIXTURES } from '../../testing/fixture.ts';
import { redactPresharedKeys } from './redact-preshared-keys.ts';
import { decodeWireguardDump } from './wireguard-dump.ts';
import { decodeWireguard, decodeWireguardShow } from './wireguard-show.ts';
import { joinWireguard } from './wireguard-subcommands.ts';

const KEY = (letter: string) => `${letter.repeat(42)}A=`;
const [OWN, PEER, OTHER, SECRET] = [KEY('O'), KEY('P'), KEY('Q'), KEY('S')];

describe('wg show', () => {
  test('reads two devices, peers without handshake or transfer, keepalive and preshared keys', () => {
    const text = `interface: wg0
  public key: ${OWN}
  private key: (hidden)
  listening port: 51871
  fwmark: 0xe00

peer: ${PEER}
  preshared key: (hidden)
  endpoint: [2001:db8::1]:51871
  allowed ips: 10.0.0.0/24, fd00::/64
  latest handshake: 1 day, 2 hours, 1 minute, 31 seconds ago
  transfer: 190.18 KiB received, 12 B sent
  persistent keepalive: every 25 seconds

peer: ${OTHER}
  allowed ips: (none)

interface: wg1
`;
    expect(decodeWireguardShow(text)).toEqual({
      items: [
        {
          name: 'wg0',
          publicKey: OWN,
          privateKey: 'set',
          listenPort: 51871,
          fwmark: 0xe00,
          peers: [
            {
              publicKey: PEER,
              presharedKey: 'set',
              endpoint: '[2001:db8::1]:51871',
              allowedIps: ['10.0.0.0/24', 'fd00::/64'],
              handshakeAgeSeconds: 93_691,
              received: 194_744,
              sent: 12,
              transferExact: false,
              persistentKeepalive: 25,
            },
            { publicKey: OTHER, presharedKey: 'none', allowedIps: [] },
          ],
        },
        { name: 'wg1', privateKey: 'unknown', peers: [] },
      ],
      unparsed: [],
    });
  });

  test('a private key in the clear becomes a fingerprint, or is masked', () => {
    const shown = decodeWireguardShow(`interface: wg0\n  private key: ${SECRET}\n`, { fingerprint: (key) => `${key.length} bytes` });
    expect(shown.items[0]).toMatchObject({ privateKey: 'set', privateKeyFingerprint: '32 bytes' });
    const stray = decodeWireguardShow('  private key: SSSSSSSSSSSS\n');
    expect(stray).toEqual({ items: [], unparsed: [{ line: 1, text: '  private key: <masked>' }] });
  });
});

describe('wg show dump', () => {
  test('with and without the device column', () => {
    const peer = `${PEER}\t(none)\t192.0.2.1:51871\t10.0.0.0/24,10.0.1.0/24\t1795262930\t194744\t191272\t25`;
    const named = decodeWireguardDump(`wg0\t${SECRET}\t${OWN}\t51871\t0xe00\nwg0\t${peer}\n`);
    expect(named.unparsed).toEqual([]);
    expect(named.items).toMatchObject([
      {
        name: 'wg0',
        publicKey: OWN,
        listenPort: 51871,
        fwmark: 0xe00,
        privateKey: 'set',
        peers: [{ publicKey: PEER, latestHandshake: 1795262930, received: 194744, persistentKeepalive: 25 }],
      },
    ]);
    const bare = decodeWireguardDump(`${SECRET}\t${OWN}\t51871\toff\n${peer}\n`);
    expect(bare.items).toEqual([{ ...named.items[0], name: '', fwmark: 0 }]);
    expect(JSON.stringify([named, bare])).not.toContain('SSSS');
  });

  test('a line cut anywhere repeats no part of the private key', () => {
    const line = `cilium_wg0\t${SECRET}\t${OWN}\t51871\t0xe00`;
    for (let end = 1; end <= line.length; end += 1)
      expect(JSON.stringify(decodeWireguardDump(line.slice(0, end)))).not.toContain('SSSSSSSS');
  });
});

describe('wg show SUBCOMMAND', () => {
  const parts = {
    'public-key': `${OWN}\n`,
    'listen-port': '51871\n',
    fwmark: '0xe00\n',
    peers: `${PEER}\n${OTHER}\n`,
    endpoints: `${PEER}\t192.0.2.1:51871\n${OTHER}\t(none)\n`,
    'allowed-ips': `${PEER}\t10.0.0.0/24 fd00::/64\n${OTHER}\t(none)\n`,
    'latest-handshakes': `${PEER}\t1795262930\n${OTHER}\t0\n`,
    transfer: `${PEER}\t194744\t191272\n${OTHER}\t0\t0\n`,
  };
  const device = {
    name: 'cilium_wg0',
    publicKey: OWN,
    listenPort: 51871,
    fwmark: 0xe00,
    privateKey: 'unknown',
    peers: [
      {
        publicKey: PEER,
        presharedKey: 'unknown',
        endpoint: '192.0.2.1:51871',
        allowedIps: ['10.0.0.0/24', 'fd00::/64'],
        latestHandshake: 1795262930,
        received: 194744,
        sent: 191272,
        transferExact: true,
      },
      { publicKey: OTHER, presharedKey: 'unknown', allowedIps: [], latestHandshake: 0, received: 0, sent: 0, transferExact: true },
    ],
  };

  test('join to a device', () => expect(joinWireguard(parts, 'cilium_wg0')).toEqual({ items: [device], unparsed: [] }));

  test('preshared keys, as they are after redaction', () => {
    const printed = `${PEER}\t${OWN}\n${OTHER}\t(none)\n`;
    const stored = redactPresharedKeys(printed, () => 'f00d');
    expect(stored).toBe(`${PEER}\t<key:256:f00d>\n${OTHER}\t(none)\n`);
    const { items, unparsed } = joinWireguard({ ...parts, 'preshared-keys': stored }, 'cilium_wg0');
    expect(unparsed).toEqual([]);
    expect(items[0]?.peers).toMatchObject([{ presharedKey: 'set', presharedKeyFingerprint: 'f00d' }, { presharedKey: 'none' }]);
    expect(joinWireguard({ ...parts, 'preshared-keys': printed }, 'cilium_wg0').unparsed).toHaveLength(1);
    expect(joinWireguard({ ...parts, 'preshared-keys': '' }, 'cilium_wg0').unparsed).toHaveLength(1);
  });

  test('a text in which a preshared key may be anywhere is not stored, and the message does not show it', () => {
    for (const text of [`${OWN}\n`, `${PEER} ${OWN}\n`, `${PEER}\t${OWN}\t1\n`, `${PEER}\t${OWN.slice(0, 20)}\n`, `wg0\t${PEER}\t${OWN}\n`])
      expect(() => redactPresharedKeys(text, () => 'f00d')).toThrow(/^line 1: is not a peer and its preshared key; not stored$/);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const key = Buffer.from(bytes).toString('base64');
        expect(redactPresharedKeys(`${PEER}\t${key}`, (seen) => Buffer.from(seen).toString('hex'))).toBe(
          `${PEER}\t<key:256:${Buffer.from(bytes).toString('hex')}>`,
        );
      }),
    );
  });

  test('likewise with `all`', () => {
    const all = Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, text.replace(/^(?=.)/gm, 'cilium_wg0\t')]));
    expect(joinWireguard(all)).toEqual({ items: [device], unparsed: [] });
  });

  test('nothing printed is no device; damage is reported with its subcommand', () => {
    expect(joinWireguard({ ...parts, transfer: '' }, 'cilium_wg0').unparsed).toMatchObject([{ text: 'transfer: names none of 2 peer(s)' }]);
    expect(joinWireguard({ peers: '' }, 'cilium_wg0')).toEqual({ items: [], unparsed: [] });
    expect(joinWireguard({ transfer: `${PEER}\t19\n` }, 'cilium_wg0').unparsed).toMatchObject([
      { line: 1, text: expect.stringMatching(/^transfer: /) as string },
    ]);
    expect(joinWireguard({ fwmark: 'Unable to access interface: No such device\n' }, 'wg0').unparsed).toHaveLength(1);
  });
});

describe.skipIf(!haveFixtures)(`wg of the fixtures (${haveFixtures ? 'present' : WITHOUT_FIXTURES})`, () => {
  test('other people’s', () => {
    expect(decodeWireguard(fixture('wg-show/vbernat-v6-endpoint.txt'))).toMatchObject({
      items: [
        {
          name: 'wg3',
          listenPort: 5803,
          peers: [
            {
              endpoint: '[2001:db8:2::1]:5801',
              allowedIps: ['0.0.0.0/0', '::/0'],
              handshakeAgeSeconds: 55,
              received: 51_036,
              sent: 51_087,
            },
          ],
        },
      ],
      unparsed: [],
    });
    const exporter = decodeWireguard(fixture('wg-dump/mindflavor-text.txt'));
    expect(exporter.unparsed).toEqual([]);
    expect(exporter.items.map(({ name, peers }) => [name, peers.length])).toEqual([
      ['wg0', 5],
      ['wg2', 1],
      ['pollo', 1],
    ]);
    expect(exporter.items[0]?.peers[1]).toMatchObject({ latestHandshake: 0 });
    expect(exporter.items[0]?.peers[1]).not.toHaveProperty('endpoint');
    expect(decodeWireguard(fixture('wg-dump/jc-wg_show--one_device.txt')).items.map(({ peers }) => peers.length)).toEqual([7]);
    // The fixture prints wg1 twice, with different keys: two devices, not one.
    expect(decodeWireguard(fixture('wg-dump/jc-wg_show--two_devices.txt')).items.map(({ name, peers }) => [name, peers.length])).toEqual([
      ['wg0', 9],
      ['wg1', 3],
      ['wg1', 6],
    ]);
    // Hand-made: its first key has 45 characters, which no key has.
    expect(decodeWireguard(fixture('wg-show/jc-windows-wg_show.txt')).unparsed.map(({ line }) => line)).toEqual([1]);
  });

  test('the agent’s debuginfo', () => {
    const { items, unparsed } = decodeWireguardShow(fixture('debuginfo/cilium-1.10-wg.md'));
    expect(unparsed.map(({ text }) => text)).toEqual(['#### Cilium encryption', '##### Wireguard', '```', '```']);
    expect(items[0]?.peers[0]).toMatchObject({
      endpoint: '192.168.33.12:51871',
      latestHandshake: Date.UTC(2021, 3, 22, 17, 48, 1) / 1000,
      received: 123,
      sent: 456,
    });
    expect(items[0]?.peers[0]?.allowedIps).toHaveLength(6);
  });

  test.each(AGENTS)('%s', (agent) => {
    const [shown, dumped] = [decodeWireguard(agentFixture(agent, 'wg-show')), decodeWireguard(agentFixture(agent, 'wg-dump'))];
    expect([shown.unparsed, dumped.unparsed]).toEqual([[], []]);
    expect(shown.items).toHaveLength(agent.includes('wireguard') ? 1 : 0);
    expect(dumped.items.map(({ publicKey }) => publicKey)).toEqual(shown.items.map(({ publicKey }) => publicKey));
    for (const device of dumped.items) {
      expect(device).toMatchObject({ name: 'cilium_wg0', listenPort: 51871, fwmark: agent.startsWith('v1.14') ? 0x1e00 : 0xe00 });
      expect(device.peers).toMatchObject([
        { endpoint: '192.168.77.12:51871', allowedIps: expect.arrayContaining(['192.168.77.12/32']) as string[] },
      ]);
      const secret = agentFixture(agent, 'wg-dump').split('\t')[1] ?? '';
      expect(JSON.stringify(dumped)).not.toContain(secret);
    }
  });
});

test('80 kB of blank lines are read quickly', () => {
  const started = performance.now();
  for (const text of ['\n'.repeat(80_000), '\t\n'.repeat(40_000), `${'\n'.repeat(80_000)}interface: cilium_wg0\n`]) decodeWireguard(text);
  expect(performance.now() - started).toBeLessThan(2000);
});
