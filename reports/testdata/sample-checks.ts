import type { ReportedCheck } from '../../harness/model/report.ts';
import { type CheckVerdict, plainFinding } from '../../harness/model/verdict.ts';

/** A statement and its verdict in one; `reads` is the statement's evidence, `evidence` the verdict's files. */
type Both = Omit<ReportedCheck, 'evidence'> & CheckVerdict & { readonly reads: string };

/** Twelve checks of six topics, at least one of each verdict. The texts are those of a run with a policy deleted. */
export const SAMPLE_CHECKS: readonly Both[] = [
  {
    ...stated('PRE-01', 'What the cluster reports equals the intent', 'cilium-dbg status, config', ['encryption off', 'other mode']),
    ...found('supports', 'All 3 agents report IPsec', 'Encryption: IPsec on node1, node2, node3', 'IPsec on 3 of 3 nodes'),
    evidence: ['before/node1/agent/cilium-status.txt', 'before/node2/agent/cilium-status.txt', 'before/node3/agent/cilium-status.txt'],
  },
  {
    ...stated('PRE-03', 'Cilium version known, one version everywhere, profile found', 'version', ['mixed versions']),
    ...found('supports', 'Version 1.16.2 on all 3 nodes, profile 1.16', 'one version with a profile', '1.16.2 on 3 of 3 nodes'),
    evidence: ['before/node1/agent/cilium-version.txt'],
  },
  {
    ...stated('PRE-05', 'Clocks of nodes and recorder agree within 500 ms', 'clock samples', ['shifted clock']),
    ...found(
      'inconclusive',
      'No clock sample from node3 after the traffic',
      'a sample from each node before and after',
      '5 of 6 samples; node3/after is missing',
    ),
    evidence: ['before/node3/host/clock.txt'],
  },
  {
    ...stated('CFG-01', 'The mode is on in the running configuration', 'cilium-config', ['disabled']),
    ...found('supports', 'enable-ipsec is true on all 3 nodes', 'enable-ipsec = true', 'true on 3 of 3 nodes'),
    evidence: ['before/node1/agent/cilium-config.txt'],
  },
  {
    ...stated('CFG-03', 'Keys are per tunnel (`+` in the key Secret)', 'key Secret', ['no +']),
    ...found('supports', 'Key 3 is per-tunnel', '3+ rfc4106(gcm(aes)) <key> 128', '3+ rfc4106(gcm(aes)), 160 bits, fingerprint 6c1f09aa'),
    evidence: ['before/api/key-secret.json'],
  },
  {
    ...stated('XFR-01', 'An out SA and the matching in SA for every ordered pair of nodes', 'ip xfrm state', ['SA deleted']),
    ...found('supports', '6 of 6 directed tunnels have both SAs', '6 pairs', '6 pairs; 0 unexplained'),
    evidence: ['before/node1/host/xfrm-state.txt', 'before/node2/host/xfrm-state.txt', 'before/node3/host/xfrm-state.txt'],
  },
  {
    ...stated('XFR-06', 'Out policies for every remote pod CIDR', 'ip xfrm policy', ['policy deleted', 'clear phase']),
    ...found(
      'contradicts',
      'node1 has no out policy to 10.0.2.0/24 (node2)',
      'dir out to 10.0.2.0/24 and 10.0.3.0/24 on node1',
      'dir out to 10.0.3.0/24 only',
    ),
    evidence: ['before/node1/host/xfrm-policy.txt'],
  },
  {
    ...stated('RUL-01', 'Rules of priority 1 send the marks to table 200', 'ip rule', ['rule deleted', 'wrong mask']),
    ...found(
      'supports',
      'Both rules on all 3 nodes',
      '1: fwmark 0xd00/0xf00 lookup 200; 1: fwmark 0xe00/0xf00 lookup 200',
      'as expected on 3 of 3 nodes',
    ),
    evidence: ['before/node1/host/ip-rule.txt'],
  },
  {
    ...stated('WGD-01', 'Device cilium_wg0 with port and mark by profile', 'wg', ['other port']),
    ...found('not-applicable', 'The intent is IPsec', 'WireGuard', 'IPsec'),
    evidence: [],
  },
  {
    ...stated('WIR-01', 'No frame of a flow that must be encrypted appears in the clear', 'ledgers', ['policy deleted', 'clear phase']),
    ...found(
      'contradicts',
      'Flow pod-node1-node2-udp-4 (10.0.1.10 to 10.0.2.10) is in the clear at the wire: 24 frames inside VXLAN, canary 9f3a… in 12',
      '0 clear frames in 21 flows that must be encrypted',
      '24 clear frames in 1 flow',
    ),
    evidence: ['captures/encrypted/wire.pcap', 'traffic.json'],
  },
  {
    ...stated('WIR-06', 'Every SPI on the wire belongs to an SA of the two nodes', 'wire ledger, ip xfrm state', ['foreign SPI']),
    ...found('supports', '6 SPIs on the wire, all known', 'SPIs of 6 SAs', '0x00000003 between 6 ordered pairs'),
    evidence: ['captures/encrypted/wire.pcap', 'before/node1/host/xfrm-state.txt'],
  },
  {
    ...stated('WIR-10', 'Large and fragmented packets stay encrypted', 'ledgers', ['3000-byte UDP']),
    ...found('not-exercised', 'Scenario steady drives no packet above the MTU', 'at least one flow above the MTU', 'none'),
    evidence: [],
  },
];

function stated(id: string, must: string, reads: string, controls: string[]) {
  return { id, must, modes: ['ipsec' as const], reads, needs: ['host-shell' as const], remedy: `Look at \`${reads}\` again.`, controls };
}

function found(verdict: CheckVerdict['verdict'], reason: string, expected: string, observed: string) {
  return { ...plainFinding(verdict, reason, expected), observed: [observed] };
}
