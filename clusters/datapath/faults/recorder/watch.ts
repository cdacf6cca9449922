import type { Cluster } from '../../../../harness/model/cluster.ts';
import { ethernetBytes, ipv4Bytes, PROTOCOL, TUNNEL_PORT, udpBytes } from '../../../../harness/stacks/frame-bytes.ts';
import type { DatapathContext } from '../../context.ts';
import { LAB_WIREGUARD_PORT } from '../../plan/wireguard.ts';
import { cell } from '../cells.ts';
import { sendFrames } from '../crafted-frames.ts';
import type { DatapathFault } from '../fault.ts';
import { anyPair } from '../on-first-node.ts';
import { signalCapture } from './captures.ts';
import { withShells } from './false-answers.ts';

/** The look in the window at which something is done: by then everything has been read at least once. */
const LOOK = 3;
const FRAMES = 500;

/** The cluster, in which something is done once while it is watched. */
function whileWatched(cluster: Cluster, act: () => Promise<void>): Cluster {
  const { watch } = cluster;
  if (watch === undefined) throw new RangeError(`${cluster.description.name}: changes by other people cannot be observed in this cluster`);
  let looks = 0;
  return {
    ...withShells(cluster, {}),
    watch: {
      look: async () => {
        looks += 1;
        if (looks === LOOK) await act();
        return watch.look();
      },
      holding: (keyId) => watch.holding(keyId),
    },
  };
}

const inWatch = (
  id: string,
  what: string,
  why: string,
  cells: DatapathFault['cells'],
  act: (context: DatapathContext, cluster: Cluster) => Promise<void>,
): DatapathFault => ({
  id,
  what,
  like: '',
  when: 'false-answers',
  scenario: 'observe',
  cells,
  why,
  inject: async () => undefined,
  withFalseAnswers: (context, cluster) => whileWatched(cluster, () => act(context, cluster)),
});

/** As many bytes of a datagram as a header of the tunnel and of what should follow it do not fill. */
const SHORT: Readonly<Record<'ipsec' | 'wireguard', { readonly port: number; readonly payload: Buffer }>> = {
  ipsec: { port: TUNNEL_PORT.vxlan, payload: Buffer.concat([Buffer.from([8]), Buffer.from('readable and short ', 'latin1')]) },
  wireguard: { port: LAB_WIREGUARD_PORT, payload: Buffer.from('abc', 'latin1') },
};

export const SHORT_DATAGRAMS = inWatch(
  'L90',
  "while a window is watched, the first node sends readable datagrams to the port of the claim's tunnel that are too short for its headers",
  'a filter that reads behind the end of a frame does not match, and neither does its opposite: only because each reading comes after a test of the length are the frames kept',
  [
    cell({ mode: 'ipsec', routings: ['vxlan'] }, 'WIR-01 WIR-04'),
    cell({ mode: 'wireguard', nodeEncryption: true }, 'WIR-08', 'WIR-01'),
    cell({ mode: 'wireguard' }, 'WIR-08'),
  ],
  async (context) => {
    const { view, peer } = anyPair(context, 'L90');
    const { port, payload } = SHORT[context.options.intent.mode === 'wireguard' ? 'wireguard' : 'ipsec'];
    const datagram = udpBytes(50_000, port, payload);
    const frame = ethernetBytes(ipv4Bytes(view.self.underlay, peer.underlay, PROTOCOL.udp, datagram));
    await sendFrames(context, { view, frame, frames: FRAMES }, 'fault L90');
  },
);

export const COUNTER_KILLED = inWatch(
  'L91',
  'what counts ciphertext is killed while a window is watched',
  'the sentinel goes on and keeps what it should; what else crossed is not known from then on',
  [cell({ mode: 'ipsec' }, 'WIR-15'), cell({ mode: 'wireguard' }, 'WIR-15')],
  async (_, cluster) => {
    const { wire } = cluster;
    if (wire === undefined) throw new RangeError('fault L91 needs a capture point on the wire');
    await signalCapture(wire.shell, 'KILL', '/dev/null (len');
  },
);
