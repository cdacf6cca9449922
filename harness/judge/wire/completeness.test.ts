import { expect, test } from 'vitest';
import type { CaptureRecord } from '../../model/recording.ts';
import { buildRecording, instantAt } from '../../testing/recording.ts';
import { neighbourParts } from './completeness.ts';

const [made] = buildRecording({ captures: [{ phase: 'window', frames: [] }] }).manifest.captures;

/** A part of a long watch that ran between these seconds. */
const part = (number: number, from: number, to: number, more: Partial<CaptureRecord> = {}): CaptureRecord => ({
  ...made!,
  ...{ kind: 'sentinel', part: number, startedAt: instantAt(from), stoppedAt: instantAt(to) },
  ...more,
});
const [first, second] = [part(1, 0, 110), part(2, 100, 200)];

test('what is outside of the beacons of a part is in the one that ran beside it', () => {
  expect(neighbourParts(second, [first, second])).toEqual({ before: true, after: false });
  expect(neighbourParts(first, [first, second])).toEqual({ before: false, after: true });
});

test.each<[string, CaptureRecord]>([
  ['that is missing', second],
  ['that ended before', part(1, 0, 99)],
  ['that is not the next', part(3, 0, 110)],
  ['of another interface', part(1, 0, 110, { interface: 'eth9' })],
  ['of another node', part(1, 0, 110, { node: 'node9' })],
  ['that keeps only headers', part(1, 0, 110, { kind: 'cipher' })],
  ['of another phase', part(1, 0, 110, { phase: 'encrypted' })],
])('a part %s has nothing of it', (_, other) => {
  expect(neighbourParts(second, [other, second])).toEqual({ before: false, after: false });
});
