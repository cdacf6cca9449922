import { cell } from '../cells.ts';
import type { DatapathFault } from '../fault.ts';
import { anyPair } from '../on-first-node.ts';
import { alteredShell, withShells } from './false-answers.ts';

const SHIFT_SECONDS = 60;

export const CLOCK_SHIFTED: DatapathFault = {
  id: 'L33',
  what: `the clock of the first node is ${SHIFT_SECONDS} s ahead`,
  like: '',
  when: 'false-answers',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'PRE-05'), cell({ mode: 'wireguard' }, 'PRE-05'), cell({ mode: 'none' }, 'PRE-05')],
  why: 'the nodes of the lab share one kernel and its clock, so what `date` prints there is shifted; captures are not',
  inject: async () => undefined,
  withFalseAnswers: (context, cluster) => {
    const { name } = anyPair(context, 'L33').view.self;
    return withShells(cluster, {
      host: (node, real) =>
        node !== name
          ? real
          : alteredShell(real, (result) =>
              result.argv[0] === 'date'
                ? { ...result, stdout: result.stdout.replace(/^\d+/, (seconds) => String(Number(seconds) + SHIFT_SECONDS)) }
                : result,
            ),
    });
  },
};
