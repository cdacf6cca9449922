import { describe, expect, test } from 'vitest';
import { judgeAsText, type VerdictText } from '../../harness/testing/finding-text.ts';
import { load, type WindowOutput, type WindowStory, windowRecording } from '../../harness/testing/window-recording.ts';
import { rot07 } from './rot-07-session.ts';

const NODE = ['172.18.0.1', '172.18.0.2'] as const;

async function verdictOf(story: WindowStory): Promise<VerdictText> {
  const { verdicts } = await judgeAsText(windowRecording(story), [rot07]);
  const [found] = verdicts;
  if (found === undefined) throw new RangeError('ROT-07 was not judged');
  return found;
}

describe('ROT-07', () => {
  const KEYS = ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='] as const;
  const device = (index: 0 | 1, handshake: number): WindowOutput[] => {
    const [own, other] = [KEYS[index], KEYS[1 - index]];
    const parts: Record<string, string> = {
      'public-key': `${own}\n`,
      'listen-port': '51871\n',
      fwmark: '0xe00\n',
      peers: `${other}\n`,
      endpoints: `${other}\t${NODE[1 - index]}:51871\n`,
      'allowed-ips': `${other}\t${NODE[1 - index]}/32\n`,
      'latest-handshakes': `${other}\t${handshake}\n`,
      transfer: `${other}\t1\t1\n`,
    };
    return Object.entries(parts).map(([name, stdout]) => ({ snapshot: 'end', node: `node${index + 1}`, collector: `wg-${name}`, stdout }));
  };
  const seconds = Math.floor(Date.parse('2026-01-01T00:01:00.000Z') / 1000);
  const story = (first: number, second: number, more: Partial<WindowStory> = {}): WindowStory => ({
    scenario: 'rotation',
    intent: { mode: 'wireguard' },
    sentinel: [],
    cipher: [],
    outputs: [...device(0, first), ...device(1, second)],
    ...more,
  });

  test('a new handshake at both ends supports', async () => {
    const found = await verdictOf(story(seconds + 9, seconds + 9));
    expect(found.verdict, found.reason).toBe('supports');
  });
  test('none in a long window, or an outage, contradicts', async () => {
    const old = story(seconds - 20, seconds - 20, { events: [{ event: 'window-ended', at: 200 }] });
    expect((await verdictOf(old)).reason).toMatch(/node1: the session with node2 was not renewed in 200 s/);
    const outage = load({ load: { intervalMs: 50, longestGapMs: 6100, losses: [] } });
    const found = await verdictOf(story(seconds + 9, seconds + 9, { traffic: [outage] }));
    expect(found.verdict).toBe('contradicts');
    expect(found.reason).toMatch(/6100 ms without an answer/);
  });
  test('a window too short for a renewal, or no device read, is inconclusive', async () => {
    const short = await verdictOf(story(seconds - 20, seconds - 20));
    expect(short.verdict).toBe('inconclusive');
    expect(short.reason).toMatch(/no session was renewed in the window of 30 s/);
    expect((await verdictOf(story(seconds, seconds, { outputs: [] }))).verdict).toBe('inconclusive');
  });
});
