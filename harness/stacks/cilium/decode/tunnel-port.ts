import type { ConfigEntry } from '../../agent-items.ts';

/** Names of the tunnel port: in the ConfigMap, and in the agent's listing. */
const NAMES: ReadonlySet<string> = new Set(['tunnel-port', 'TunnelPort']);

/** The UDP port of the tunnel in a listing of the configuration: none, or one. */
export function tunnelPortsOf(entries: readonly ConfigEntry[]): readonly number[] {
  return entries
    .filter(({ key }) => NAMES.has(key))
    .map(({ value }) => Number(value))
    .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
}
