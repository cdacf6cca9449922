import type { DatapathContext } from '../context.ts';
import { BOTH, CLEAR, cell, ESP_IN_TUNNEL, LOSS, TUNNEL_IN_ESP, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import type { Pair } from './on-first-node.ts';
import { anyPair, ipBatch } from './on-first-node.ts';

const DECRYPT = 'fwmark 0xd00/0xf00';

const onRouting = (
  statement: Pick<DatapathFault, 'id' | 'what' | 'like' | 'cells' | 'why'>,
  lines: (pair: Pair, context: DatapathContext) => readonly string[],
): DatapathFault => ({
  ...statement,
  when: 'after-enable',
  scenario: 'steady',
  inject: async (context) => {
    const pair = anyPair(context, statement.id);
    await ipBatch(context, pair.view.self.name, lines(pair, context), `fault ${statement.id}`);
  },
});

export const RULE_GONE = onRouting(
  {
    id: 'L14',
    what: 'the ip rule that sends packets to decrypt to table 200 is deleted on the first node',
    like: '',
    cells: [cell({ mode: 'ipsec' }, 'RUL-01')],
    why: 'the reference datapath delivers ESP to the local address of cilium_host or of the node, so the main table finds it too and all is answered',
  },
  () => [`rule del pref 1 ${DECRYPT} lookup 200`],
);

export const RULE_ELSEWHERE = onRouting(
  {
    id: 'L14b',
    what: 'the ip rule for packets to decrypt looks up another table on the first node',
    like: '',
    cells: [cell({ mode: 'ipsec' }, 'RUL-01')],
    why: 'as L14: the other table is empty, and the main table finds the address',
  },
  () => [`rule del pref 1 ${DECRYPT} lookup 200`, `rule add pref 1 ${DECRYPT} lookup 201`],
);

export const TABLE_ROUTE_GONE = onRouting(
  {
    id: 'L15',
    what: 'the local route of table 200 is deleted on the first node',
    like: '',
    cells: [cell({ mode: 'ipsec' }, 'RUL-02')],
    why: 'the route is for packets to decrypt, which the main table delivers too; routes to remote pods are as they were, so RUL-03 has nothing to say',
  },
  ({ view }) => [`route del local ${view.self.podCidr} table 200`],
);

export const TABLE_ROUTE_ELSEWHERE = onRouting(
  {
    id: 'L15b',
    what: 'the route of table 200 to one remote pod CIDR leads out of the uplink on the first node',
    like: '',
    cells: [
      cell({ mode: 'ipsec', routings: TUNNELS, profiles: ESP_IN_TUNNEL }, 'RUL-02 RUL-03 WIR-05', LOSS, 'XFR-08'),
      cell({ mode: 'ipsec', routings: TUNNELS }, 'RUL-02 RUL-03'),
      cell({ mode: 'ipsec' }, 'RUL-02'),
    ],
    why: 'only marked packets look table 200 up: up to 1.17 those of pods, whose ESP then leaves outside the tunnel; from 1.18 pod packets are unmarked. With native routing the uplink is allowed for the main table, so only RUL-02 sees it',
  },
  ({ view, peer }) => [`route replace ${peer.podCidr} via ${peer.underlay} dev ${view.self.uplink} table 200 proto kernel`],
);

/** Not with native routing, where this route is the normal one. */
export const BYPASS_ROUTE = onRouting(
  {
    id: 'L16',
    what: 'a route to one remote pod CIDR leads around the tunnel on the first node',
    like: '',
    cells: [
      cell({ mode: 'ipsec', routings: TUNNELS, profiles: TUNNEL_IN_ESP, families: BOTH }, 'RUL-03 WIR-01 WIR-03', CLEAR, 'XFR-09'),
      cell({ mode: 'ipsec', routings: TUNNELS, profiles: TUNNEL_IN_ESP }, 'RUL-03 XFR-09 WIR-01 WIR-03', CLEAR),
      cell({ mode: 'ipsec', routings: TUNNELS }, 'RUL-03'),
      cell({ mode: 'wireguard', routings: TUNNELS, families: BOTH }, 'RUL-03 WIR-01 WIR-03', CLEAR, 'WGD-06'),
      // Packets of a node to a pod leave around WireGuard and the answer is lost: a failure that is not closed.
      cell({ mode: 'wireguard', routings: TUNNELS, nodeEncryption: true }, 'RUL-03 WGD-06 WIR-01 WIR-03', CLEAR, 'LIF-06'),
      cell({ mode: 'wireguard', routings: TUNNELS }, 'RUL-03 WGD-06 WIR-01 WIR-03', CLEAR),
    ],
    why: 'from 1.18 and with WireGuard only the tunnel is encrypted, so what goes around it is clear; up to 1.17 the mark of a pod packet selects table 200 and the policy whatever the main table says, so only the route tells',
  },
  ({ view, peer }, { options }) => {
    if (options.intent.routing === 'native') throw new RangeError('fault L16 needs a tunnel: native routing has no way around it');
    return [`route replace ${peer.podCidr} via ${peer.underlay} dev ${view.self.uplink} proto kernel`];
  },
);
