import type { DatapathContext } from '../context.ts';
import { NFT_TABLE } from '../plan/masquerade.ts';
import { encapsulate, tunnelOf } from '../plan/tunnel.ts';
import { layoutsWhere } from '../profile.ts';
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
  inject: (context) => sendAside(context, 'L35', `meta length > ${LARGE}`),
};

export const SCTP_CLEAR: DatapathFault = {
  id: 'L87',
  what: "the first node sends the pods' SCTP to one node in the clear, and everything else encrypted",
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec', sctp: true }, 'WIR-01 WIR-03 WIR-11'), cell({ mode: 'wireguard', sctp: true }, 'WIR-01 WIR-03 WIR-11')],
  why: 'as L35, chosen by the protocol: a rule for TCP and UDP alone would leave SCTP out, and only a flow over SCTP shows it. Its answers come back encrypted',
  inject: (context) => sendAside(context, 'L87', 'meta l4proto sctp'),
};

const HUBBLE_NATIVE = { routings: ['native'], profiles: layoutsWhere(({ hubbleSelectsEncrypted }) => hubbleSelectsEncrypted) } as const;

export const MARKED_CLEAR: DatapathFault = {
  id: 'L94',
  what: "the first node sends the pods' UDP to one node in the clear, with the mark of encrypted packets set by hand",
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'ipsec', ...HUBBLE_NATIVE }, 'WIR-01 WIR-03 WIR-10 WIR-11 WIR-16'),
    cell({ mode: 'wireguard', ...HUBBLE_NATIVE, strictIngress: true }, 'WIR-01 WIR-03 WIR-10 WIR-11 WIR-16', 'WIR-02 WIR-14 LIF-06'),
    cell({ mode: 'wireguard', ...HUBBLE_NATIVE }, 'WIR-01 WIR-03 WIR-10 WIR-11 WIR-16'),
  ],
  why: 'Hubble repeats the mark, so it calls these flows encrypted, and the wire shows them readable. With native routing the packet of the pod itself has the mark; in a tunnel it is on the packet around it, in which Hubble from 1.19 sees the pods’ packet and the lab does not. With strict mode for ingress the other node drops them, so they are not answered, and it counts them',
  inject: async (context) => {
    await sendAside(context, 'L94', 'meta l4proto udp');
    const { view, peer } = anyPair(context, 'L94');
    // After the policies of IPsec were looked up for it: with the mark before that it would be encrypted, or blocked.
    const match = `iifname "lxc*" oifname "${view.self.uplink}" ip daddr ${peer.podCidr} meta l4proto udp`;
    const nft = [
      `table ${NFT_TABLE} {`,
      `  chain marked_by_hand { type filter hook forward priority 0; ${match} meta mark set ${PASSES}; }`,
      '}',
    ];
    await filterBatch(context, view.self.name, { nft }, 'fault L94');
  },
};

/** Send what pods of the first node send to its first peer past the encryption, where it matches. @param match as `nft` says it */
async function sendAside(context: DatapathContext, fault: string, match: string): Promise<void> {
  const { view, peer } = anyPair(context, fault);
  const { mode, routing } = context.options.intent;
  const tunnel = tunnelOf(routing);
  const markDecides = mode === 'ipsec' && (tunnel === undefined || ESP_IN_TUNNEL.some((id) => id === context.profile.id));
  const mark = markDecides ? '0' : tunnel === undefined ? PASSES : ASIDE;
  const nft = [
    `table ${NFT_TABLE} {`,
    '  chain sent_aside {',
    // After the pods are marked (-90).
    '    type filter hook prerouting priority -80;',
    `    iifname "lxc*" ip daddr ${peer.podCidr} ${match} meta mark set ${mark}`,
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
  await filterBatch(context, view.self.name, { nft, tc }, `fault ${fault}`);
}
