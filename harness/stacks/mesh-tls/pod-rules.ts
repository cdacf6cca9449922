import type { Decoded, UnparsedLine } from '../../decode/decoded.ts';
import { POD_LINE } from '../mesh-collect.ts';
import type { EnrolledPod } from '../readings.ts';

/** The table of an enrolled pod, and its chain that redirects what the pod sends. */
const TABLE = 'table ip tls_mesh {';
const OUTBOUND = 'chain outbound {';

/**
 * Rules of the pods of a node (`nft list ruleset` in each network namespace): an enrolled pod has the table of the mesh with a chain that
 * redirects what it sends.
 */
export function decodePodRules(text: string): Decoded<EnrolledPod> {
  const items: EnrolledPod[] = [];
  const unparsed: UnparsedLine[] = [];
  let rules: string[] | null = null;
  const lines = text.split('\n');
  for (const [index, line] of [...lines, `${POD_LINE}`].entries()) {
    if (line.startsWith(POD_LINE)) {
      const last = items.at(-1);
      if (rules !== null && last !== undefined) items[items.length - 1] = { ...last, ...saidBy(rules) };
      if (index < lines.length) items.push({ pod: line.slice(POD_LINE.length), enrolled: false, says: '' });
      rules = [];
    } else if (line.trim() !== '') {
      if (rules === null) unparsed.push({ line: index + 1, text: line.slice(0, 200) });
      else rules.push(line.trim());
    }
  }
  return { items, unparsed };
}

function saidBy(rules: readonly string[]): Pick<EnrolledPod, 'enrolled' | 'says'> {
  if (!rules.includes(TABLE)) return { enrolled: false, says: 'it has no redirection' };
  const outbound = rules.slice(rules.indexOf(OUTBOUND) + 1);
  const enrolled = rules.includes(OUTBOUND) && outbound.slice(0, outbound.indexOf('}')).some((rule) => rule.includes(' dnat to '));
  return { enrolled, says: enrolled ? 'it has the redirection' : 'its redirection has no rule for what it sends' };
}
