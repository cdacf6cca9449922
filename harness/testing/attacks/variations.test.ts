import { expect, test } from 'vitest';
import { catalogue } from '../../../suites/catalogue.ts';
import { reasonOf } from '../../model/verdict.ts';
import { AttackRange } from './run-attack.ts';
import { HEALTHY_VARIATIONS } from './variations.ts';

const range = new AttackRange(catalogue);

test.each(HEALTHY_VARIATIONS.flatMap(({ id, on, ...rest }) => on.map((base) => ({ id, base, ...rest }))))(
  '$id on $base stays green',
  async ({ base, what, edit }) => {
    const draft = range.draft(base);
    edit(draft);
    const { verdict, verdicts } = await range.judge(draft.sealed(), base);
    const red = verdicts.filter((v) => v.verdict === 'contradicts' || v.verdict === 'inconclusive');
    expect(
      red.map((found) => `${found.id} ${reasonOf(found)}`),
      what,
    ).toEqual([]);
    expect(verdict).toBe('supports');
  },
);
