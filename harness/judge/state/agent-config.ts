import type { CiliumConfigEntry } from '../../stacks/cilium/decode/items.ts';
import type { Examination } from './examination.ts';
import type { NodeState } from './node-state.ts';

/** An option's value by any of its names, `enable-ipsec` and `EnableIPSec` alike; undefined when none is printed. */
export function option(entries: readonly CiliumConfigEntry[], ...names: readonly string[]): string | undefined {
  const wanted = names.map(plain);
  return entries.find((entry) => wanted.includes(plain(entry.key)))?.value.trim();
}

/**
 * An option of the running agent, else of the ConfigMap it was started with: newer agents do not print every option.
 * The configuration is read in the snapshot before the traffic.
 */
export function configured(x: Examination, node: NodeState, ...names: readonly string[]): string | undefined {
  const running = x.use(node.ciliumConfig);
  const value = running === undefined ? undefined : option(running, ...names);
  if (value !== undefined) return value;
  const map = x.facts.state.api.find((a) => a.snapshot === node.snapshot)?.configMap;
  if (!map?.ok) return undefined;
  x.cite(...map.evidence);
  return option(map.value, ...names);
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '');
}
