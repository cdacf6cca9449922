import type { Decoded, UnparsedLine } from '../../../decode/decoded.ts';
import { textLines, unparsedLine } from '../../../decode/kernel/lines.ts';

/** The gauge of the agent's drift checker (pkg/driftchecker/metrics.go), as a pattern for `cilium-dbg metrics list -p`. */
export const DRIFT_METRIC = 'drift_checker_config_delta';

/**
 * Reads `cilium-dbg metrics list -p drift_checker_config_delta`: how many keys of the ConfigMap have another value than the agent runs with,
 * or none in the agent. Versions without a drift checker (before 1.18 in our recordings) print the heading alone: no item.
 */
export function decodeConfigDrift(text: string): Decoded<number> {
  const items: number[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const line of textLines(text)) {
    if (/^Metric Labels Value$/.test(line.words)) continue;
    const value = new RegExp(`^cilium_${DRIFT_METRIC} (\\d+)(?:\\.0+)?$`).exec(line.words)?.[1];
    if (value === undefined) unparsed.push(unparsedLine(line.line, line.text));
    else items.push(Number(value));
  }
  return { items, unparsed };
}
