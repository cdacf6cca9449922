import { NFT_TABLE } from '../plan/masquerade.ts';
import { encapsulate, tunnelOf } from '../plan/tunnel.ts';
import { BARE_IN_WIREGUARD, cell, ESP_IN_TUNNEL, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair, filterBatch } from './on-first-node.ts';

/** Bytes of an IP packet above which it counts as large: below the route MTU of every layout. */
const LARGE = 1200;

/** A mark that no rule, policy and filter of a layout knows. */
const ASIDE = '0x350000';

/** The mark of WireGuard's packets; the redirect into the device lets them pass. */
const PASSES = '0xe00';

export const LARGE_CLEAR: DatapathFault = {
  id: 'L35',
  what: 'the first node sends large pod packets to one node in the clear, small ones encrypted',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'ipsec' }, 'WIR-01 WIR-03 WIR-10', 'WIR-11'),
    cell({ mode: 'wireguard', routings: TUNNELS, profiles: BARE_IN_WIREGUARD }, 'WIR-01 WIR-03 WIR-10', 'WIR-11'),
    cell({ mode: 'wireguard' }, 'WIR-01 WIR-03 WIR-10', 'WIR-11'),
  ],
  why: 'packets above the limit lose the encrypt mark, or take a way past the redirect, before they are fragmented; all is answered, and small flows stay encrypted',
  inject: async (context) => {
    const { view, peer } = anyPair(context, 'L35');
    const { mode, routing } = context.options.intent;
    const tunnel = tunnelOf(routing);
    const markDecides = mode === 'ipsec' && (tunnel === undefined || ESP_IN_TUNNEL.some((id) => id === context.profile.id));
    const mark = markDecides ? '0' : tunnel === undefined ? PASSES : ASIDE;
    const nft = [
      `table ${NFT_TABLE} {`,
      '  chain large_packets {',
      // After the pods are marked (-90).
      '    type filter hook prerouting priority -80;',
      `    iifname "lxc*" ip daddr ${peer.podCidr} meta length > ${LARGE} meta mark set ${mark}`,
      '  }',
      '}',
    ];
    // These packets enter the tunnel unencrypted, by a filter before those of the layout.
    const tc =
      mark === ASIDE && tunnel !== undefined
        ? [
            `filter add dev cilium_host egress pref 1 protocol ip handle ${ASIDE} fw ${encapsulate(view, peer, tunnel, mode === 'wireguard' ? PASSES : '0')}`,
          ]
        : [];
    await filterBatch(context, view.self.name, { nft, tc }, 'fault L35');
  },
};
