import { needlesOf } from '../../judge/ledger/canary-forms.ts';
import { NeedleIndex } from '../../judge/ledger/needle-index.ts';
import type { RecordingManifest } from '../../model/recording.ts';

const BEACON = 'wirewitness-beacon:';

/** The run's random tokens, in every form that the judge looks for: they contain no data of the cluster, and the judgement needs them. */
export function captureTokens({ traffic, captures }: Pick<RecordingManifest, 'traffic' | 'captures'>): NeedleIndex {
  const canaries = new Set(traffic.map(({ canary }) => canary));
  const beacons = new Set(captures.flatMap(({ beacons: { start, end } }) => [start, end]).filter((token) => token !== ''));
  return new NeedleIndex([
    ...[...canaries].flatMap(needlesOf),
    ...[...beacons].map((token) => ({ canary: token, form: 'raw' as const, bytes: Buffer.from(`${BEACON}${token}`, 'latin1') })),
  ]);
}
