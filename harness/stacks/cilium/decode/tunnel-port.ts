import type { ConfigEntry } from '../../agent-items.ts';

/** Names of the tunnel port: in the ConfigMap, and in the agent's own listing. */
const NAMES: ReadonlySet<string> = new Set(['tunnel-port', 'TunnelPort']);

/** The UDP ports of the tunnel that a listing of the configuration names: none, or one. */
export function tunnelPortsOf(entries: readonly ConfigEntry[]): readonly number[] {
  return entries
    .filter(({ key }) => NAMES.has(key))
    .map(({ value }) => Number(value))
    .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
}
