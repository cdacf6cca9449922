import { NFT_TABLE, nftFamily } from '../plan/masquerade.ts';
import { encapsulate, matchFamily, tunnelOf } from '../plan/tunnel.ts';
import { cell, TUNNEL_IN_ESP, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair, filterBatch } from './on-first-node.ts';

/** Mark of what came in by the uplink and goes on to a pod of another node; no rule and no policy of a layout knows it. */
const FORWARDED = '0x600';
/** Before the filters that encrypt, after the one that lets WireGuard's own packets pass. */
const EARLY = 2;

/** #23032, #33690: what a node sends on for a client outside takes another way than what pods send. */
export const SENT_ON_CLEAR: DatapathFault = {
  id: 'L81',
  what: 'the first node sends requests of clients outside the cluster on to the second past the encryption, and only those',
  like: 'F22',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'ipsec', routings: TUNNELS, profiles: TUNNEL_IN_ESP }, 'WIR-01 WIR-03 WIR-11'),
    cell({ mode: 'wireguard', routings: TUNNELS, profiles: TUNNEL_IN_ESP }, 'WIR-01 WIR-03 WIR-11'),
    cell({ mode: 'wireguard', routings: ['native'], nodeEncryption: true }, 'WIR-01 WIR-03 WIR-11'),
  ],
  why: 'the request is answered, and its answer comes back encrypted; hosts and pods send as before, and frames without a canary count for the host’s own flow between the same addresses. Where the traffic of nodes is not encrypted, this way is clear by design',
  inject: async (context) => {
    const { laid, options } = context;
    const { routing, nodeEncryption } = options.intent;
    const tunnel = tunnelOf(routing);
    const claimed = tunnel === undefined ? nodeEncryption : context.profile.tunnelOrder === 'vxlan-in-esp';
    if (laid === 'none' || !claimed) throw new RangeError('fault L81 needs a layout that encrypts what nodes send to pods');
    const { view, peer } = anyPair(context, 'L81');
    const { uplink } = view.self;
    const device = tunnel === undefined ? uplink : 'cilium_host';
    const match = `iifname "${uplink}" oifname "${device}" ${nftFamily(peer)} daddr ${peer.podCidr}`;
    const out = tunnel === undefined ? 'action ok' : encapsulate(view, peer, tunnel, laid === 'wireguard' ? '0xe00' : '0');
    await filterBatch(
      context,
      view.self.name,
      {
        nft: [`table ${NFT_TABLE} {`, `  chain sent_on { type filter hook forward priority 0; ${match} meta mark set ${FORWARDED}; }`, '}'],
        tc: [`filter add dev ${device} egress ${matchFamily(peer, EARLY)} handle ${FORWARDED} fw ${out}`],
      },
      'fault L81',
    );
  },
};
