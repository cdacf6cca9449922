import { type DissectOptions, GENEVE_PORTS, VXLAN_PORTS } from '../../decode/wire/options.ts';
import type { Routing } from '../../model/mode.ts';
import type { Readings } from '../../stacks/readings.ts';
import type { StateFacts } from '../state/state-facts.ts';

/** The usual ports of the tunnel of the claimed routing, and those that the recording names. */
export function tunnelPorts(
  state: StateFacts | null,
  routing: Routing,
  readings: Readings | null,
): Pick<DissectOptions, 'vxlanPorts' | 'genevePorts'> {
  const listings = [...(state?.nodes ?? []).map((n) => n.agentConfig), ...(state?.api ?? []).map((a) => a.configMap)];
  const named = listings.flatMap((listing) => (listing.ok ? (readings?.tunnelPorts(listing.value) ?? []) : []));
  const isGeneve = routing === 'geneve';
  return {
    vxlanPorts: [...new Set([...VXLAN_PORTS, ...(isGeneve ? [] : named)])].filter((port) => !GENEVE_PORTS.includes(port)),
    genevePorts: [...new Set([...GENEVE_PORTS, ...(isGeneve ? named : [])])].filter((port) => !VXLAN_PORTS.includes(port)),
  };
}
