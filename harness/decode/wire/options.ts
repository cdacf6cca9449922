/** Ports of tunnels; everything else is recognised by content. */
export interface DissectOptions {
  /** UDP ports of WireGuard on which data messages are accepted without a handshake; default 51871 and 51820. */
  readonly wireguardPorts?: readonly number[];
  /** Destination ports of VXLAN; default 8472 (Linux) and 4789 (IANA). */
  readonly vxlanPorts?: readonly number[];
  /** Destination ports of Geneve; default 6081. */
  readonly genevePorts?: readonly number[];
}

/** UDP ports of VXLAN: Linux's and IANA's. */
export const VXLAN_PORTS: readonly number[] = [8472, 4789];
/** UDP port of Geneve (IANA). */
export const GENEVE_PORTS: readonly number[] = [6081];

/** UDP ports of WireGuard: of agents, and of its documentation. */
export const WIREGUARD_PORTS: readonly number[] = [51_871, 51_820];

/** Bits of a port table. */
export const PORT_WIREGUARD = 1;
export const PORT_VXLAN = 2;
export const PORT_GENEVE = 4;
export const PORT_VXLAN_GPE = 8;
export const PORT_GTP = 16;
export const PORT_MPLS = 32;
export const PORT_GUE = 64;

/** Ports of tunnels that no option changes (IANA). */
const FIXED: readonly (readonly [port: number, bit: number])[] = [
  [4790, PORT_VXLAN_GPE],
  [2152, PORT_GTP],
  [6635, PORT_MPLS],
  [6080, PORT_GUE],
];

/** One byte of `PORT_` bits for each port. */
export function portTable(options: DissectOptions): Uint8Array {
  const table = new Uint8Array(65536);
  const mark = (ports: readonly number[], bit: number): void => {
    for (const port of ports) {
      if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`port ${port} is not between 1 and 65535`);
      table[port]! |= bit;
    }
  };
  mark(options.wireguardPorts ?? WIREGUARD_PORTS, PORT_WIREGUARD);
  mark(options.vxlanPorts ?? VXLAN_PORTS, PORT_VXLAN);
  mark(options.genevePorts ?? GENEVE_PORTS, PORT_GENEVE);
  for (const [port, bit] of FIXED) mark([port], bit);
  return table;
}
