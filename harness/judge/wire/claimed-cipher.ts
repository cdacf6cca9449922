import type { XfrmState } from '../../decode/kernel/xfrm-items.ts';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { Intent } from '../../model/intent.ts';
import type { Profile } from '../../stacks/profile.ts';
import type { NodeState } from '../state/node-state.ts';
import type { StateFacts } from '../state/state-facts.ts';
import { type AddressBook, normalAddress } from './address-book.ts';

/** Cilium's WireGuard port, where neither profile nor recorded state says one. */
const WIREGUARD_PORT = 51_871;

const CIPHER = { ipsec: 'esp', wireguard: 'wireguard', none: null } as const;

/** Tells the ciphertext that the claim is about from all other: what others encrypt explains nothing. */
export interface ClaimedCipher {
  /** Null when nothing is claimed to be encrypted. */
  readonly kind: 'esp' | 'wireguard' | null;
  /** The frame is ciphertext of the claimed kind, of an SA or a WireGuard session between two nodes. */
  explains(frame: DissectedFrame): boolean;
  /** Both ends are nodes, or their routers, and not of one node. */
  betweenNodes(src: string | null, dst: string | null): boolean;
  /** A UDP port on which the node that has this address listens for WireGuard. */
  isWireguardPort(address: string, port: number | null): boolean;
}

/**
 * The claimed ciphertext of a recording. ESP needs an SA that the recorded state of either end names (source, destination, SPI); where no
 * state of them was read, the ends alone must do. WireGuard needs node addresses and the nodes' own ports, as recorded or as the profile says.
 */
export function claimedCipher(intent: Intent, profile: Profile | null, state: StateFacts | null, book: AddressBook): ClaimedCipher {
  const associations = associationsOf(state);
  const ports = portsOf(state, profile);
  const nodeOf = (address: string | null): string | null => {
    if (address === null) return null;
    const { kind, node } = book.ownerOf(address);
    return kind === 'node' || kind === 'router' ? node : null;
  };
  const betweenNodes = (src: string | null, dst: string | null): boolean => {
    const [from, to] = [nodeOf(src), nodeOf(dst)];
    return from !== null && to !== null && from !== to;
  };
  const isWireguardPort = (address: string, port: number | null): boolean => {
    const { kind, node } = book.ownerOf(address);
    return port !== null && kind === 'node' && node !== null && (ports.get(node) ?? ports.get(''))?.has(port) === true;
  };
  const isAssociation = ({ src, dst, spi }: DissectedFrame): boolean => {
    const read = [nodeOf(src), nodeOf(dst)].flatMap((node) => associations.get(node ?? '') ?? []);
    if (read.length === 0 || spi === null) return true;
    const [to, name] = [normalAddress(dst ?? ''), `0x${spi.toString(16).padStart(8, '0')}`];
    return read.some((known) => known.has(`${normalAddress(src ?? '')} ${to} ${name}`) || known.has(`* ${to} ${name}`));
  };
  return {
    kind: CIPHER[intent.mode],
    betweenNodes,
    isWireguardPort,
    explains(frame) {
      if (!betweenNodes(frame.src, frame.dst) || !betweenNodes(frame.outerSrc, frame.outerDst)) return false;
      if (intent.mode === 'none') return true;
      if (frame.class === 'esp') return intent.mode === 'ipsec' && frame.protocol === 'esp' && isAssociation(frame);
      if (frame.class !== 'wireguard' || intent.mode !== 'wireguard') return false;
      return isWireguardPort(frame.src ?? '', frame.sport) && isWireguardPort(frame.dst ?? '', frame.dport);
    },
  };
}

/** By node: `source destination SPI` of each SA it was seen with; `*` for an in SA that serves all peers. Nodes that were not read have none. */
function associationsOf(state: StateFacts | null): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>();
  for (const { node, snapshot, xfrmStates } of state?.nodes ?? []) {
    if (snapshot === 'clear' || !xfrmStates.ok) continue;
    const set = known.get(node) ?? new Set();
    known.set(node, set);
    for (const sa of xfrmStates.value) if (sa.proto === 'esp') set.add(nameOf(sa));
  }
  return known;
}

function nameOf({ src, dst, spi }: XfrmState): string {
  const from = normalAddress(src);
  return `${from === '0.0.0.0' || from === '::' ? '*' : from} ${normalAddress(dst)} ${spi}`;
}

/** Listen ports by node; under the empty name what holds for a node that was not read. */
function portsOf(state: StateFacts | null, profile: Profile | null): ReadonlyMap<string, ReadonlySet<number>> {
  const ports = new Map<string, Set<number>>([['', new Set([profile?.wireguard?.port.value ?? WIREGUARD_PORT])]]);
  for (const node of state?.nodes ?? []) {
    const port = listenPort(node);
    if (port === undefined) continue;
    const own = ports.get(node.node) ?? new Set();
    ports.set(node.node, own.add(port));
  }
  return ports;
}

function listenPort({ snapshot, wireguard }: NodeState): number | undefined {
  return snapshot === 'clear' || !wireguard.ok ? undefined : wireguard.value?.listenPort;
}
