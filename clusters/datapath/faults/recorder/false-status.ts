import type { CommandResult } from '../../../../harness/model/shell.ts';
import { agentShell } from '../../agent/agent-shell.ts';
import type { DatapathContext } from '../../context.ts';
import { layOut } from '../../lay.ts';
import { CLEAR, cell, NO_ESP } from '../cells.ts';
import type { DatapathFault } from '../fault.ts';
import { alteredShell, withShells } from './false-answers.ts';

/** Outputs of agents from the correct state, by node and command; kept as long as the cluster exists. */
const frozen = new WeakMap<DatapathContext['publishedKeys'], Map<string, string>>();

const QUESTIONS = [['status'], ['encrypt', 'status']] as const;
const questionOf = (node: string, argv: readonly string[]) => `${node} ${argv.slice(1).join(' ')}`;

/** Turn encryption on, keep the agents' outputs, and turn it off again while the agents still report the old state. */
async function layAndFreeze(context: DatapathContext): Promise<void> {
  const { mode } = context.options.intent;
  await layOut(context, mode);
  const said = new Map<string, string>();
  for (const view of context.views)
    for (const words of QUESTIONS) {
      const argv = ['cilium-dbg', ...words];
      const { stdout } = await agentShell(context, view).run(argv);
      said.set(questionOf(view.self.name, argv), stdout);
    }
  frozen.set(context.publishedKeys, said);
  const published = [...context.publishedKeys];
  await layOut(context, 'none');
  context.laid = mode;
  for (const [node, key] of published) context.publishedKeys.set(node, key);
}

export const STATUS_FALSE: DatapathFault = {
  id: 'L32',
  what: "the agents' status is what it was when all was well, and the kernels encrypt nothing",
  like: 'F19',
  when: 'false-answers',
  scenario: 'steady',
  cells: [
    cell(
      { mode: 'ipsec' },
      'CFG-07 XFR-01 XFR-06 WIR-01 WIR-02',
      CLEAR,
      NO_ESP,
      'PRE-06 CFG-08 XFR-02 XFR-03 XFR-05 XFR-07 XFR-09 XFR-10 XFR-11 RUL-01 RUL-02',
    ),
    cell({ mode: 'wireguard' }, 'WGD-01 WIR-01 WIR-02', CLEAR, 'PRE-06 CFG-08 WGD-02 WGD-03 WGD-04 WGD-05 WGD-06 WIR-08 WIR-13'),
  ],
  why: 'status and configuration say that encryption is on, so PRE-01 and CFG-01 believe it; the kernel and the wire do not',
  inject: layAndFreeze,
  replacesEnabling: true,
  withFalseAnswers: (context, cluster) =>
    withShells(cluster, {
      agent: (node, real) =>
        alteredShell(real, (result): CommandResult => {
          const said = frozen.get(context.publishedKeys)?.get(questionOf(node, result.argv));
          return said === undefined ? result : { ...result, stdout: said };
        }),
    }),
};
