import { type AttackTopic, attacksOf, type Manipulation } from '../harness/testing/attacks/attack.ts';
import { ATTACK_TOPICS, ATTACKS } from '../harness/testing/attacks/catalogue.ts';
import { HEALTHY_VARIATIONS } from '../harness/testing/attacks/variations.ts';

/** The attacks as the tables of docs/attacks.md: one row a manipulation, with how many places it is done in. */
export function attacksTables(): string {
  const sections = ATTACK_TOPICS.map(
    (topic) =>
      `## ${topic.topic}\n\nThe mistake: ${topic.root}.\n\n${[...HEAD, ...topic.manipulations.map((m) => row(topic, m))].join('\n')}`,
  );
  const healthy = HEALTHY_VARIATIONS.map(({ id, what, on }) => `| ${[id, what, on.join(', ')].join(' | ')} |`);
  const last = [
    '## Healthy variations',
    '',
    'What may be so in a healthy cluster; each must stay green.',
    '',
    '| id | what is so | on |',
    '|---|---|---|',
    ...healthy,
  ];
  return `${ATTACKS.length} attacks.\n\n${sections.join('\n\n')}\n\n${last.join('\n')}`;
}

const HEAD = ['| id | what is edited | places | must turn |', '|---|---|---|---|'];

function row(topic: AttackTopic, manipulation: Manipulation): string {
  const { id, what, on, variants = [], turns } = manipulation;
  const count = attacksOf({ ...topic, manipulations: [manipulation] }).length;
  const values = variants.length === 0 ? '' : `: ${variants.map((v) => (v === '' ? 'none' : v.trim())).join(', ')}`;
  const checks = Array.isArray(turns)
    ? turns.join(' ')
    : Object.entries(turns)
        .map(([mode, ids]) => `${mode}: ${ids.join(' ')}`)
        .join('<br>');
  return `| ${[id, what, `${count}, on ${on.join(', ')}${values}`, checks].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
