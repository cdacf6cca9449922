import { describe, expect, test } from 'vitest';
import { inChunks, pcapFile } from '../../testing/capture-file.ts';
import { ethernetFrame, ipv4Packet, noise, tcpSegment, udpDatagram } from '../../testing/packets.ts';
import { NODE1, NODE2, POD1, POD2 } from '../../testing/two-nodes.ts';
import { CanarySearch, canaryIndex } from './canary.ts';
import { examineCapture } from './ledger.ts';

const CANARY = '00ff3a7e91c2d4e5f60718293a4b5c6d';
const RAW = Buffer.from(CANARY, 'hex');

async function search(payloads: readonly Uint8Array[], protocol: 'udp' | 'tcp' = 'udp'): Promise<CanarySearch> {
  let sequence = 1000;
  const frames = payloads.map((payload) => {
    const segment = protocol === 'udp' ? udpDatagram(5000, 6000, payload) : tcpSegment(5000, 6000, sequence, payload);
    sequence += payload.length;
    return ethernetFrame(ipv4Packet(POD1, POD2, protocol === 'udp' ? 17 : 6, segment));
  });
  const found = new CanarySearch(canaryIndex([CANARY, 'ffffffffffffffffffffffffffffffff']));
  await examineCapture(inChunks(pcapFile(frames), 1000), {}, found.visit);
  return found;
}

describe('a canary is found', () => {
  const forms: [string, Uint8Array][] = [
    ['raw', RAW],
    ['hex', Buffer.from(CANARY)],
    ['hex-upper', Buffer.from(CANARY.toUpperCase())],
    ['utf16le', Buffer.from(CANARY, 'utf16le')],
    ['utf16be', Buffer.from(CANARY, 'utf16le').swap16()],
  ];
  for (const lead of ['', 'x', 'xy']) {
    forms.push(['base64', Buffer.from(Buffer.concat([Buffer.from(lead), RAW, Buffer.from('tail')]).toString('base64'))]);
    forms.push(['base64', Buffer.from(Buffer.concat([Buffer.from(lead), RAW]).toString('base64url'))]);
    forms.push(['base64-of-hex', Buffer.from(Buffer.from(`${lead}${CANARY}`).toString('base64'))]);
  }
  for (const [form, bytes] of forms) {
    test(`${form}: ${Buffer.from(bytes).toString('latin1').slice(0, 30)}`, async () => {
      const found = await search([Buffer.from('nothing'), Buffer.concat([Buffer.from('GET /?q='), bytes, Buffer.from(' HTTP')])]);
      expect(found.hits).toMatchObject([
        { canary: CANARY, form, frameNumber: 2, class: 'clear', split: false, flow: { src: '10.0.1.11', dport: 6000 } },
      ]);
    });
  }

  test('split over TCP segments, also of one byte each', async () => {
    const whole = Buffer.from(`head ${CANARY} tail`);
    expect((await search([whole.subarray(0, 20), whole.subarray(20)], 'tcp')).hits).toMatchObject([
      { form: 'hex', split: true, frameNumber: 2 },
    ]);
    const bytes = [...whole].map((byte) => Buffer.from([byte]));
    expect((await search(bytes, 'tcp')).hits).toMatchObject([{ form: 'hex', split: true }]);
  });

  test('behind the end of the IP packet too', async () => {
    const padded = Buffer.concat([ethernetFrame(ipv4Packet(NODE1, NODE2, 17, udpDatagram(1, 2, Buffer.from('x')))), RAW]);
    const found = new CanarySearch(canaryIndex([CANARY]));
    await examineCapture(inChunks(pcapFile([padded]), 99), {}, found.visit);
    expect(found.hits).toHaveLength(1);
  });
});

test('nothing is found in noise, and a canary that is none is refused', async () => {
  expect((await search([noise(1400, 3), RAW.subarray(0, 15), noise(1400, 4)])).hits).toEqual([]);
  expect(() => new CanarySearch(canaryIndex(['abc']))).toThrow('canary "abc" is not 32 hex digits');
});
