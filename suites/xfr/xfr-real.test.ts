import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Instant, Recording } from '../../harness/model/recording.ts';
import { openRecording } from '../../harness/record/open-recording.ts';
import { judgeAsText, type VerdictText } from '../../harness/testing/finding-text.ts';
import { checksOf } from '../catalogue.ts';

/** Recordings of real Cilium on real Kubernetes, beside the project. */
const FIXTURES = fileURLToPath(new URL('../../../shared/fixtures/real-kubernetes/', import.meta.url));
const here = describe.skipIf(!existsSync(FIXTURES));

const open = (name: string): Promise<Recording> => openRecording(join(FIXTURES, name, 'recording'));

async function verdictsOf(recording: Recording, ...topics: readonly string[]): Promise<ReadonlyMap<string, VerdictText>> {
  const { verdicts } = await judgeAsText(
    recording,
    topics.flatMap((topic) => checksOf(topic)),
  );
  return new Map(verdicts.map((v) => [v.id, v]));
}

/** The recording as if its state had been read so many minutes later. */
function readLater(recording: Recording, minutes: number): Recording {
  const later = ({ utc, monotonicMs }: Instant): Instant => ({
    utc: new Date(Date.parse(utc) + minutes * 60_000).toISOString(),
    monotonicMs: monotonicMs + minutes * 60_000,
  });
  const commands = recording.manifest.commands.map((c) => ({ ...c, startedAt: later(c.startedAt), endedAt: later(c.endedAt) }));
  return { ...recording, manifest: { ...recording.manifest, commands } };
}

here('two minutes after a rotation of real agents', () => {
  test('the old SAs are allowed, and it is said until when', async () => {
    const found = await verdictsOf(await open('ipsec-minutes-after-rotation'), 'XFR', 'CFG');
    for (const id of ['XFR-11', 'XFR-04', 'CFG-07']) expect(found.get(id)?.verdict, found.get(id)?.reason).toBe('supports');
    expect(found.get('XFR-11')?.reason).toMatch(
      /from key id 3 to 4 is in progress: key id 3 may stay until 2026-11-28T16:12:1\d.*ipsec-key-rotation-duration 300 s/,
    );
  });
  test('that one node has removed the old key and its peer has not is allowed as well', async () => {
    const rotated = await open('ipsec-minutes-after-rotation');
    const without = rotated.manifest.commands.find((c) => c.collector === 'xfrm-state' && c.snapshot === 'before' && c.node === 'node2');
    const oneRemoved: Recording = {
      ...rotated,
      text: async (path) => {
        const text = await rotated.text(path);
        if (path !== without?.stdout) return text;
        return text
          .split(/^(?=src )/m)
          .filter((sa) => !sa.includes('spi 0x00000003'))
          .join('');
      },
    };
    const { verdict, reason } = (await verdictsOf(oneRemoved, 'XFR')).get('XFR-01') ?? {};
    expect(verdict, reason).toBe('supports');
    expect(reason).toMatch(/node1 before: out SA .* spi 0x00000003 has no matching in SA on node2 any more: a rotation from key id 3 to 4/);
    const late = (await verdictsOf(readLater(oneRemoved, 15), 'XFR')).get('XFR-01');
    expect(late?.verdict).toBe('contradicts');
  });
  test('past that time the same SAs are left-overs', async () => {
    const found = await verdictsOf(readLater(await open('ipsec-minutes-after-rotation'), 15), 'XFR', 'CFG');
    expect(found.get('XFR-11')?.verdict).toBe('contradicts');
    expect(found.get('XFR-11')?.reason).toMatch(/left-over SA .* spi 0x00000003, key id in use: 4/);
    expect(found.get('XFR-04')?.verdict).toBe('inconclusive');
  });
});

here('native routing that follows VXLAN', () => {
  test('what VXLAN left is XFR-11’s, with the remedy; the SAs of native routing are all there', async () => {
    const found = await verdictsOf(await open('ipsec-native-after-vxlan'), 'XFR');
    expect(found.get('XFR-01')?.verdict, found.get('XFR-01')?.reason).toBe('supports');
    expect(found.get('XFR-11')?.verdict).toBe('contradicts');
    expect(found.get('XFR-11')?.reason).toMatch(
      /rb1 before: SA 192\.168\.77\.12 -> 192\.168\.77\.11 spi 0x00000003 is left over from vxlan routing/,
    );
    expect(found.get('XFR-11')?.reason).toMatch(/out policy 192\.168\.77\.11\/32 -> 192\.168\.77\.12\/32 is left over/);
  });
});

here('captures of both uplinks and no tap', () => {
  test.each(['ipsec-healthy', 'ipsec-1.16.2-healthy', 'ipsec-native-after-vxlan'])('%s: counters and both ends agree', async (name) => {
    const found = await verdictsOf(await open(name), 'XFR', 'WIR');
    for (const id of ['XFR-09', 'WIR-13']) expect(found.get(id)?.verdict, found.get(id)?.reason).toBe('supports');
  });
  test('each frame is counted once: as many as the bridge saw', async () => {
    const found = await verdictsOf(await open('ipsec-healthy'), 'WIR');
    expect(found.get('WIR-02')?.observed).toBe('esp node1 -> node2: 183, esp node2 -> node1: 182');
  });
  test('WireGuard’s own counters and both ends agree', async () => {
    const found = await verdictsOf(await open('wireguard-healthy'), 'WGD', 'WIR');
    for (const id of ['WGD-06', 'WIR-13']) expect(found.get(id)?.verdict, found.get(id)?.reason).toBe('supports');
  });
});

here('an SA that is listed twice', () => {
  test('is one SA', async () => {
    const recording = await open('ipsec-healthy');
    const paths = new Set(recording.manifest.commands.filter((c) => c.collector === 'xfrm-state').map((c) => c.stdout));
    const twice: Recording = {
      ...recording,
      text: async (path) => {
        const text = await recording.text(path);
        const second = text.indexOf('\nsrc ', 1) + 1;
        return paths.has(path) ? text.slice(0, second) + text : text;
      },
    };
    const [once, again] = [await verdictsOf(recording, 'XFR', 'CFG', 'WIR'), await verdictsOf(twice, 'XFR', 'CFG', 'WIR')];
    for (const [id, { verdict }] of once) expect(again.get(id)?.verdict, again.get(id)?.reason).toBe(verdict);
  });
});
