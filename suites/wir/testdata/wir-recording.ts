import { expect } from 'vitest';
import type { Verdict } from '../../../harness/model/verdict.ts';
import { judgeAsText, type VerdictText } from '../../../harness/testing/finding-text.ts';
import { clearPing, espFrame, wireguardFrame } from '../../../harness/testing/node-frames.ts';
import { buildRecording, type CaptureParts, flow, type RecordingParts } from '../../../harness/testing/recording.ts';
import { checksOf } from '../../catalogue.ts';

/** The canary of the flow in the un-encrypted phase. */
export const CLEAR_CANARY = 'c1ea'.repeat(8);

/** The canary of the flow in the judged phase. */
export const JUDGED_CANARY = '5ec2'.repeat(8);

/** One flow, driven in both phases. */
export const traffic = [flow('clear', CLEAR_CANARY), flow('encrypted', JUDGED_CANARY)];

/** The un-encrypted phase, in which its canary is readable. */
export const clearPhase: CaptureParts = { phase: 'clear', frames: [clearPing(8, CLEAR_CANARY), clearPing(0, CLEAR_CANARY)] };

/** A capture of the judged phase with these frames. */
export const encrypted = (frames: readonly Uint8Array[], more: Partial<CaptureParts> = {}): CaptureParts => ({
  phase: 'encrypted',
  frames,
  ...more,
});

/** ESP in both directions between the two nodes. */
export const healthyEsp = [espFrame('out', 1), espFrame('back', 1)];

/** WireGuard data in both directions between the two nodes. */
export const healthyWireguard = [wireguardFrame('out', 0), wireguardFrame('back', 0)];

/** The SAs of both directions with an SPI, as `ip xfrm state` prints them. */
export const bothWayStates = (spi: string): string =>
  [
    ['172.18.0.1', '172.18.0.2'],
    ['172.18.0.2', '172.18.0.1'],
  ]
    .map(([src, dst]) => `src ${src} dst ${dst}\n\tproto esp spi ${spi} reqid 1 mode tunnel\n\treplay-window 0 \n`)
    .join('');

/** The verdicts of all checks WIR on a recording, by id. */
export async function wirVerdicts(synthetic: RecordingParts): Promise<Map<string, VerdictText>> {
  const { verdicts } = await judgeAsText(buildRecording(synthetic), checksOf('WIR'));
  return new Map(verdicts.map((v) => [v.id, v]));
}

/** Expect a verdict of one check WIR, and a reason. */
export async function expectWirVerdict(id: string, verdict: Verdict, synthetic: RecordingParts, reason: RegExp = /./): Promise<void> {
  const found = (await wirVerdicts(synthetic)).get(id);
  expect(found?.verdict, found?.reason).toBe(verdict);
  expect(found?.reason).toMatch(reason);
}
