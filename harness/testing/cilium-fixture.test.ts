import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../suites/catalogue.ts';
import { spiTimeline } from '../judge/wire/spi-timeline.ts';
import { ciliumEventRecording, ciliumFixtureFolders, ciliumFixtures, ciliumRecording } from './cilium-fixture.ts';
import { ciliumRotationRecording } from './cilium-rotation.ts';
import { pingCount } from './cilium-traffic.ts';
import { judgeAsText } from './finding-text.ts';

const ABSENT = `the recordings of real agents are not at ${basename(ciliumFixtures)} beside the project`;
const folders = ciliumFixtureFolders();

describe('healthy real agents', () => {
  test('the recordings are there', (ctx) => {
    ctx.skip(folders.length === 0, ABSENT);
    expect(folders.length).toBeGreaterThanOrEqual(7);
  });

  test.each(folders.map((folder) => [basename(folder), folder]))('%s: no check contradicts', async (_, folder) => {
    const { verdicts } = await judgeAsText(ciliumRecording(folder), catalogue);
    expect(verdicts.filter((v) => v.verdict === 'contradicts')).toEqual([]);
    expect(verdicts.filter((v) => v.reason.includes('could not be judged'))).toEqual([]);
  });

  test.each(folders.map((folder) => [basename(folder), folder]))(
    '%s: the wire’s readable frames are none of an encrypted flow',
    async (_, folder) => {
      const { facts, flows } = await judgeAsText(ciliumRecording(folder), catalogue);
      const wire = facts.wire.captures.find((c) => c.record.vantage === 'wire');
      expect(wire?.ledger?.frames).toBeGreaterThan(40);
      expect(wire?.canaries).toEqual([]);
      expect(wire?.cipher.some((c) => c.from === 'node1' && c.to === 'node2')).toBe(true);
      expect(wire?.cipher.some((c) => c.from === 'node2' && c.to === 'node1')).toBe(true);
      for (const flow of flows.filter((f) => f.treatment === 'encrypted')) expect(flow.clearFrames, flow.reason).toBe(0);
      const http = flows.find((f) => f.protocol === 'tcp');
      expect(http?.controlFrames, 'the canary is seen where traffic is clear').toBeGreaterThan(0);
    },
  );

  test.each(folders.map((folder) => [basename(folder), folder]))('%s: what the adapter hands on holds no key', async (_, folder) => {
    const recording = ciliumRecording(folder);
    const secrets = [readFileSync(join(folder, 'node1/xfrm-state.txt'), 'utf8'), readFileSync(join(folder, 'key-file.txt'), 'utf8')]
      .flatMap((text) => text.match(/\b(?:0x)?[0-9a-f]{40,}\b/g) ?? [])
      .map((key) => key.replace(/^0x/, ''));
    const dump = readFileSync(join(folder, 'node1/wg-dump.txt'), 'utf8').split('\t')[1];
    if (dump !== undefined && dump.length > 20) secrets.push(dump);
    expect(secrets.length).toBeGreaterThan(0);
    for (const command of recording.manifest.commands) {
      const text = await recording.text(command.stdout);
      for (const secret of secrets) expect(text.includes(secret), command.collector).toBe(false);
    }
  });
});

describe('encapsulation on real wires', () => {
  const orders: [string, RegExp][] = [
    ['v1.14.5-ipsec-vxlan', /^esp-in-vxlan: \d+ frame\(s\)$/],
    ['v1.17.8-ipsec-vxlan', /^esp-in-vxlan: \d+ frame\(s\)$/],
    ['v1.18.3-ipsec-vxlan', /^vxlan-in-esp: \d+ frame\(s\)$/],
    ['v1.20dev-ipsec-vxlan', /^vxlan-in-esp: \d+ frame\(s\)$/],
  ];
  test.for(orders)('%s', async ([name, observed], { skip }) => {
    const folder = join(ciliumFixtures, name);
    skip(!existsSync(folder), ABSENT);
    const { verdicts } = await judgeAsText(ciliumRecording(folder), catalogue);
    expect(verdicts.find((v) => v.id === 'WIR-05')?.observed).toMatch(observed);
  });
});

describe('faults on real agents', () => {
  const folder = join(ciliumFixtures, 'v1.18.3-ipsec-vxlan');

  test('policies deleted on 1.18.3: XFR-06, XFR-07 and WIR-01 contradict', async (ctx) => {
    ctx.skip(!existsSync(folder), ABSENT);
    const { verdicts } = await judgeAsText(ciliumEventRecording(folder, 'fault-poldel'), catalogue);
    const of = (id: string) => verdicts.find((v) => v.id === id);
    for (const id of ['XFR-06', 'XFR-07', 'WIR-01']) expect(of(id)?.verdict, of(id)?.reason).toBe('contradicts');
    expect(of('WIR-01')?.reason).toMatch(/10\.244\.1\.120 > 10\.244\.0\.105 icmp inside 192\.168\.77\.11 > 192\.168\.77\.12/);
  });
});

describe('rotation on a real agent', () => {
  const folder = join(ciliumFixtures, 'v1.14.5-ipsec-vxlan');

  test('1.14.5: the new id is published, used both ways, and nothing is lost; what was not recorded is said to be missing', async (ctx) => {
    ctx.skip(!existsSync(folder), ABSENT);
    const { verdicts } = await judgeAsText(ciliumRotationRecording(folder, 'rotation'), catalogue);
    const of = (id: string) => verdicts.find((v) => v.id === id);
    expect(of('ROT-01')?.verdict, of('ROT-01')?.reason).toBe('supports');
    expect(of('ROT-01')?.reason).toMatch(/key id 3 before, 4 expected; seen on all nodes 16\.6 s after the start/);
    expect(of('ROT-02')?.reason).toMatch(/node2 -> node1: SPI 3 from .* SPI 4 from/);
    expect(of('ROT-03')?.verdict, of('ROT-03')?.reason).toBe('supports');
    for (const id of ['ROT-02', 'ROT-04', 'ROT-05', 'ROT-06']) expect(of(id)?.verdict, of(id)?.reason).toBe('inconclusive');
    expect(of('ROT-04')?.reason).toMatch(/no beacon was sent/);
  });

  test('1.14.5 that missed the change of its Secret: ROT-01 contradicts', async (ctx) => {
    ctx.skip(!existsSync(folder), ABSENT);
    const { verdicts } = await judgeAsText(ciliumRotationRecording(folder, 'rotation-missed-event'), catalogue);
    const of = (id: string) => verdicts.find((v) => v.id === id);
    expect(of('ROT-01')?.verdict).toBe('contradicts');
    expect(of('ROT-01')?.reason).toMatch(/node1 still publishes key id 3 at the end; node2 still publishes/);
    expect(of('ROT-02')?.reason).toMatch(/the new SPI 4 was never on the wire/);
  });

  test('1.14.5: each direction reads SPI 3, then 4, and no ping is lost', async (ctx) => {
    ctx.skip(!existsSync(folder), ABSENT);
    const spans = await spiTimeline(createReadStream(join(folder, 'rotation.wire.pcap')), 'rotation.wire.pcap');
    const directions = Map.groupBy(spans, (s) => `${s.src} > ${s.dst}`);
    expect(directions.size).toBe(2);
    for (const [direction, [old, fresh, ...more]] of directions) {
      expect([old?.spi, fresh?.spi, more.length], direction).toEqual(['0x00000003', '0x00000004', 0]);
      expect(fresh?.firstMs, direction).toBeGreaterThanOrEqual(old?.lastMs ?? Number.POSITIVE_INFINITY);
    }
    expect(spans.map((s) => s.frames).sort((a, b) => a - b)).toEqual([455, 496, 1549, 1590]);
    for (const file of ['rotation.ping-a-to-b.txt', 'rotation.ping-b-to-a.txt']) {
      const { sent, answered } = pingCount(readFileSync(join(folder, file), 'utf8'));
      expect(sent).toBeGreaterThan(900);
      expect(answered).toBe(sent);
    }
  });
});
