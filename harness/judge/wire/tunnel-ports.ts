import { type DissectOptions, GENEVE_PORTS, VXLAN_PORTS } from '../../decode/wire/options.ts';
import type { StateFacts } from '../state/state-facts.ts';

/** Names of Cilium's tunnel port: in its ConfigMap, and in the agent's own listing. */
const NAMES: ReadonlySet<string> = new Set(['tunnel-port', 'TunnelPort']);

/** The tunnel ports that the recording names beside the usual ones. One port may be of either tunnel: the header tells. */
export function tunnelPorts(state: StateFacts | null): Pick<DissectOptions, 'vxlanPorts' | 'genevePorts'> {
  const listings = [...(state?.nodes ?? []).map((n) => n.ciliumConfig), ...(state?.api ?? []).map((a) => a.configMap)];
  const named = listings
    .flatMap((listing) => (listing.ok ? listing.value : []))
    .filter(({ key }) => NAMES.has(key))
    .map(({ value }) => Number(value))
    .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536 && !GENEVE_PORTS.includes(port));
  return { vxlanPorts: [...new Set([...VXLAN_PORTS, ...named])], genevePorts: GENEVE_PORTS };
}
