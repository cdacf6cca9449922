import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../suites/catalogue.ts';
import { reasonOf } from '../../model/verdict.ts';
import { attacksOf, turningChecks } from './attack.ts';
import { BASES } from './base.ts';
import { ATTACK_TOPICS, ATTACKS } from './catalogue.ts';
import { AttackRange, isCaught } from './run-attack.ts';

const range = new AttackRange(catalogue);

test.each(BASES)('%s is green as it was recorded', async (name) => {
  const { verdict, verdicts } = await range.judge(range.draft(name).sealed(), null);
  expect(verdicts.filter((v) => v.verdict === 'contradicts' || v.verdict === 'inconclusive')).toEqual([]);
  expect(verdict).toBe('supports');
});

test('each attack has an id of its own and names checks that exist', () => {
  expect(new Set(ATTACKS.map(({ id }) => id)).size).toBe(ATTACKS.length);
  const known = new Set(catalogue.map(({ id }) => id));
  for (const { id, manipulation } of ATTACKS) {
    const named = [...turningChecks(manipulation, 'ipsec'), ...turningChecks(manipulation, 'wireguard')];
    expect(
      named.filter((check) => !known.has(check)),
      id,
    ).toEqual([]);
  }
});

describe.each(ATTACK_TOPICS)('$topic', (topic) => {
  test.each(attacksOf(topic))('$id', async (attack) => {
    const result = await range.run(attack);
    const told = `${attack.manipulation.what} (${attack.variant}); red: ${result.red.map((found) => `${found.id} ${reasonOf(found)}`).join('; ')}`;
    expect(result.verdict, told).not.toBe('supports');
    expect(result.missed, told).toEqual([]);
    expect(isCaught(result)).toBe(true);
  });
});
