import type { DatapathContext } from '../context.ts';
import { tunnelOf } from '../plan/tunnel.ts';
import { WIREGUARD_DEVICE } from '../plan/wireguard.ts';
import { cell } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair, filterBatch } from './on-first-node.ts';

function claimed(context: DatapathContext, fault: string): void {
  if (context.laid !== 'wireguard' || !context.options.intent.nodeEncryption)
    throw new RangeError(`fault ${fault} needs WireGuard with node encryption`);
}

export const NODES_NOT_ENCRYPTED: DatapathFault = {
  id: 'L22',
  what: 'node encryption is claimed and configured, but no node sends the traffic of its host into WireGuard',
  like: 'F20',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'wireguard', nodeEncryption: true }, 'CFG-05 PRE-01 WIR-01 WIR-03 WIR-11')],
  why: 'the tunnel still goes into WireGuard, so pods stay encrypted; traffic between node addresses, and of pods to nodes, is clear, and the agents report node encryption as the kernel has it: off',
  inject: async (context) => {
    claimed(context, 'L22');
    for (const { self } of context.views)
      await filterBatch(context, self.name, { tc: [`filter del dev ${self.uplink} egress pref 4`] }, 'fault L22');
  },
};

export const HOST_CLEAR: DatapathFault = {
  id: 'L37',
  what: 'the first node sends the traffic of its host network to one node in the clear, and only that, though node encryption is on',
  like: 'F22',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'wireguard', nodeEncryption: true }, 'WIR-01 WIR-03 WIR-11')],
  why: 'an exception for the two node addresses stands before the redirect; the agents see the redirect and report node encryption as on',
  inject: async (context) => {
    claimed(context, 'L37');
    const { view, peer } = anyPair(context, 'L37');
    const { uplink, address } = view.self;
    const tunnel = tunnelOf(context.options.intent.routing);
    const first = `filter add dev ${uplink} egress`;
    await filterBatch(
      context,
      view.self.name,
      {
        tc: [
          ...(tunnel === undefined
            ? []
            : [
                `${first} pref 2 protocol ip flower ip_proto udp dst_port ${tunnel.port} action mirred egress redirect dev ${WIREGUARD_DEVICE}`,
              ]),
          `${first} pref 3 protocol ip flower src_ip ${address}/32 dst_ip ${peer.address}/32 action ok`,
        ],
      },
      'fault L37',
    );
  },
};
