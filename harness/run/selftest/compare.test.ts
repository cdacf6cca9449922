import { expect, test } from 'vitest';
import { type CheckVerdict, plainFinding, type Verdict } from '../../model/verdict.ts';
import { compare } from './compare.ts';

const verdicts = (all: Record<string, Verdict>): CheckVerdict[] =>
  Object.entries(all).map(([id, verdict]) => ({ id, ...plainFinding(verdict, `${id} ${verdict}`, '') }));

const outcomes = (kind: 'fault' | 'healthy' | 'recording', reddens: string[], implies: string[], all: Record<string, Verdict>) =>
  Object.fromEntries(compare({ kind, reddens, implies }, verdicts(all)).map(({ id, outcome }) => [id, outcome]));

test('each outcome: red is what contradicts and what is inconclusive', () => {
  const all = {
    A: 'contradicts',
    B: 'inconclusive',
    C: 'supports',
    D: 'inconclusive',
    E: 'contradicts',
    F: 'supports',
    G: 'not-exercised',
  } as const;
  expect(outcomes('fault', ['A', 'B', 'C'], ['D', 'F'], all)).toEqual({
    A: 'caught',
    B: 'caught',
    C: 'missed',
    D: 'implied',
    E: 'false-alarm',
    F: 'quiet',
    G: 'quiet',
  });
});

test('not exercised and not applicable are not red: a named check that they silence is missed', () => {
  expect(outcomes('fault', ['A', 'B'], [], { A: 'not-exercised', B: 'not-applicable' })).toEqual({ A: 'missed', B: 'missed' });
});

test('a named check that the judge does not have is missed', () => {
  const [, unknown] = compare({ kind: 'fault', reddens: ['Z'], implies: [] }, verdicts({ A: 'supports' }));
  expect(unknown).toEqual({ id: 'Z', outcome: 'missed', verdict: null, reason: 'the judge has no check Z' });
});

test('in a real recording only what contradicts is red', () => {
  const all = { A: 'inconclusive', B: 'contradicts', C: 'inconclusive', D: 'contradicts' } as const;
  expect(outcomes('recording', ['B', 'C'], [], all)).toEqual({ A: 'quiet', B: 'caught', C: 'missed', D: 'false-alarm' });
});
