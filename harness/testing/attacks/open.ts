/** Ids of attacks that the judge does not turn red yet. It must shrink to nothing. */
export const OPEN: readonly string[] = [
  'carriers/pod-shape/ipsec-1.17/an IGMP report between pods',
  'carriers/pod-shape/wireguard/an IGMP report between pods',
  'carriers/dressed/ipsec-1.17/text as WireGuard data',
  'carriers/dressed/ipsec-1.17/text as a WireGuard handshake',
  'carriers/dressed/ipsec-1.17/text as a WireGuard cookie',
  'carriers/dressed/ipsec-1.17/text as ESP in UDP',
  'carriers/dressed/wireguard/text as ESP',
  'carriers/dressed/wireguard/text as ESP in UDP',
  'carriers/strangers/wireguard/ESP between the nodes with an SPI of nobody',
  'instruments/blind/ipsec-1.17/all TCP',
  'instruments/blind/wireguard/all TCP',
  'instruments/uplink-plaintext/ipsec-1.17/node1',
  'instruments/uplink-plaintext/wireguard/node2',
  'times-and-flows/frames-elsewhen/ipsec-1.17/an hour before',
  'times-and-flows/frames-elsewhen/ipsec-1.17/a day after',
  'times-and-flows/frames-elsewhen/wireguard/an hour before',
  'times-and-flows/frames-elsewhen/wireguard/a day after',
  'times-and-flows/encryption-later/ipsec-1.17',
  'times-and-flows/encryption-later/wireguard',
  'times-and-flows/canary-unsent/ipsec-1.17/in the judged phase',
  'times-and-flows/canary-unsent/wireguard/in the judged phase',
  'times-and-flows/one-canary/wireguard',
  'times-and-flows/other-ends/ipsec-1.17/10.0.1.77',
  'times-and-flows/other-ends/ipsec-1.17/192.0.2.1',
  'times-and-flows/other-ends/wireguard/10.0.1.77',
  'times-and-flows/other-ends/wireguard/192.0.2.1',
  'times-and-flows/journal-gone/wireguard/encryption-enabled',
  'times-and-flows/journal-gone/wireguard/beacons',
];

/** Whether an attack is known to be green still. */
export function isOpen(id: string): boolean {
  return OPEN.includes(id);
}
