import type { ConfigEntry } from '../../stacks/agent-items.ts';
import { at, type Examination } from './examination.ts';
import type { NodeState } from './node-state.ts';

/**
 * An option's value by any of its names, `enable-ipsec` and `EnableIPSec` alike; undefined when none is printed. If it is printed with
 * several values, all are returned: it is not known which one is in force.
 */
export function option(entries: readonly ConfigEntry[], ...names: readonly string[]): string | undefined {
  const wanted = names.map(plain);
  const values = new Set(entries.filter((entry) => wanted.includes(plain(entry.key))).map(({ value }) => value.trim()));
  return values.size === 0 ? undefined : [...values].join(' and ');
}

/** An option of the ConfigMap that agents are started with; undefined, and with a gap where it could not be read. */
export function configMapOption(x: Examination, snapshot: NodeState['snapshot'], ...names: readonly string[]): string | undefined {
  const map = x.facts.state.api.find((a) => a.snapshot === snapshot)?.configMap;
  if (map === undefined || (!map.ok && map.absent)) return undefined;
  const entries = x.use(map);
  if (entries !== undefined && !isConfiguration(entries)) x.gap(`API server ${snapshot}: what was printed is no ConfigMap of agents`);
  return entries === undefined ? undefined : option(entries, ...names);
}

/**
 * An option of the running agent, else of the ConfigMap it was started with: newer agents do not print every option.
 * The configuration is read in the snapshot before the traffic.
 */
export function configured(x: Examination, node: NodeState, ...names: readonly string[]): string | undefined {
  const running = x.use(node.agentConfig);
  if (running !== undefined && !isConfiguration(running))
    x.gap(`${at(node)}: what was printed is no configuration of an agent`, { node: node.node });
  const value = running === undefined ? undefined : option(running, ...names);
  if (value !== undefined) return value;
  const map = x.facts.state.api.find((a) => a.snapshot === node.snapshot)?.configMap;
  if (!map?.ok) return undefined;
  x.cite(...map.evidence);
  return option(map.value, ...names);
}

/** Agents of every version print dozens of options; in every version some begin with these words. */
function isConfiguration(entries: readonly ConfigEntry[]): boolean {
  return entries.some(({ key }) => /^(?:enable|encrypt|routing|ipam|policy)/i.test(key));
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '');
}
