import type { XfrmState } from '../../decode/kernel/xfrm-items.ts';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { formatSpi } from '../../decode/wire/esp.ts';
import { WIREGUARD_PORTS } from '../../decode/wire/options.ts';
import type { Intent } from '../../model/intent.ts';
import type { FrameClass } from '../../model/ledger.ts';
import type { Profile } from '../../stacks/profile.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import type { NodeState } from '../state/node-state.ts';
import { endpointAddress } from '../state/peer-endpoint.ts';
import type { StateFacts } from '../state/state-facts.ts';
import { type AddressOwners, normalAddress } from './address-owners.ts';

const CIPHER = { ipsec: 'esp', wireguard: 'wireguard', tls: 'tls', none: null } as const;

/** Separates the ciphertext of the claim from all other ciphertext, which does not support the claim. */
export interface ClaimedCipher {
  /** Null when nothing is claimed to be encrypted. */
  readonly kind: 'esp' | 'wireguard' | 'tls' | null;
  /** The frame is ciphertext of the claimed kind, of an SA or a WireGuard session between two nodes. */
  explains(frame: DissectedFrame): boolean;
  /** Both ends are nodes, or their routers, and of different nodes. */
  betweenNodes(src: string | null, dst: string | null): boolean;
  /**
   * A frame between two nodes that is unreadable and that the recording does not explain: ciphertext outside the claim for which the
   * recorded state has no SA and no WireGuard device, and IKE and AH, for which no state is recorded. With a claim of IPsec, WIR-06 judges
   * ESP between nodes.
   */
  isUnexplained(frame: DissectedFrame): boolean;
  /** A UDP port on which the node that has this address listens for WireGuard. */
  isWireguardPort(address: string, port: number | null): boolean;
  /** A UDP port that some WireGuard is known to use: a node's own as recorded or as the profile says, and the usual ones. */
  knowsWireguardPort(port: number | null): boolean;
}

/**
 * The claimed ciphertext of a recording. ESP needs an SA in the recorded state of either end (source, destination, SPI); if no state of
 * them was read, only the ends are compared. WireGuard needs node addresses and the nodes' own ports, as recorded or as the profile says.
 */
export function claimedCipher(intent: Intent, profile: Profile | null, state: StateFacts | null, owners: AddressOwners): ClaimedCipher {
  const associations = associationsOf(state);
  const ports = portsOf(state, profile === null ? stackOf(intent).profiles : [profile]);
  const known = new Set([...WIREGUARD_PORTS, ...[...ports.values()].flatMap((own) => [...own])]);
  const nodeOf = (address: string | null): string | null => {
    if (address === null) return null;
    const { kind, node } = owners.ownerOf(address);
    return kind === 'node' || kind === 'router' ? node : null;
  };
  const betweenNodes = (src: string | null, dst: string | null): boolean => {
    const [from, to] = [nodeOf(src), nodeOf(dst)];
    return from !== null && to !== null && from !== to;
  };
  const isWireguardPort = (address: string, port: number | null): boolean => {
    const { kind, node } = owners.ownerOf(address);
    return port !== null && kind === 'node' && node !== null && (ports.get(node) ?? ports.get(''))?.has(port) === true;
  };
  const isOnRecord = ({ src, dst, spi, protocol }: DissectedFrame): boolean => {
    const [from, to, name] = [normalAddress(src ?? ''), normalAddress(dst ?? ''), `${protocol} ${spi === null ? '' : formatSpi(spi)}`];
    return [nodeOf(src), nodeOf(dst)]
      .flatMap((node) => associations.get(node ?? '') ?? [])
      .some((known) => known.has(`${from} ${to} ${name}`) || known.has(`* ${to} ${name}`));
  };
  const isAssociation = (frame: DissectedFrame): boolean =>
    frame.spi === null || [nodeOf(frame.src), nodeOf(frame.dst)].every((node) => !associations.has(node ?? '')) || isOnRecord(frame);
  const isClaimed = (frame: DissectedFrame): boolean => {
    if (frame.class === 'esp') return intent.mode === 'ipsec' && frame.protocol === 'esp' && isAssociation(frame);
    if (frame.class !== 'wireguard' || intent.mode !== 'wireguard') return false;
    return isWireguardPort(frame.src ?? '', frame.sport) && isWireguardPort(frame.dst ?? '', frame.dport);
  };
  return {
    kind: CIPHER[intent.mode],
    betweenNodes,
    isWireguardPort,
    knowsWireguardPort: (port) => port !== null && known.has(port),
    explains(frame) {
      if (!betweenNodes(frame.src, frame.dst) || !betweenNodes(frame.outerSrc, frame.outerDst)) return false;
      return intent.mode === 'none' || isClaimed(frame);
    },
    isUnexplained(frame) {
      if (intent.mode === 'none' || !OPAQUE.has(frame.class) || !betweenNodes(frame.src, frame.dst) || isClaimed(frame)) return false;
      if (frame.class === 'esp') return (intent.mode !== 'ipsec' || frame.protocol !== 'esp') && !isOnRecord(frame);
      return frame.class !== 'wireguard' || !isPeer(frame, state, nodeOf);
    },
  };
}

/** Classes of frames whose content nobody can read. */
const OPAQUE: ReadonlySet<FrameClass> = new Set(['esp', 'wireguard', 'ike', 'ah']);

/**
 * By node: `source destination protocol SPI` of each of its SAs; source `*` for an in SA that serves all peers. Nodes that were not read
 * have none.
 */
function associationsOf(state: StateFacts | null): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>();
  for (const { node, snapshot, xfrmStates } of state?.nodes ?? []) {
    if (snapshot === 'clear' || !xfrmStates.ok) continue;
    const set = known.get(node) ?? new Set();
    known.set(node, set);
    for (const sa of xfrmStates.value) if (sa.proto === 'esp' && hidesContent(sa)) set.add(nameOf(sa));
  }
  return known;
}

/**
 * Whether the SA has a cipher. The null cipher (RFC 2410) and AES-GMAC (RFC 4543) leave everything readable; an SA for which no cipher was
 * printed does not count either.
 */
function hidesContent({ aead, enc }: XfrmState): boolean {
  if (aead !== undefined) return !aead.name.startsWith('rfc4543(');
  return enc !== undefined && !enc.name.includes('null');
}

function nameOf({ src, dst, spi, encap }: XfrmState): string {
  const from = normalAddress(src);
  return `${from === '0.0.0.0' || from === '::' ? '*' : from} ${normalAddress(dst)} ${encap === undefined ? 'esp' : 'udp'} ${spi}`;
}

/** Listen ports by node; under the empty name those of the profiles, which are used for a node that was not read. */
function portsOf(state: StateFacts | null, profiles: readonly Profile[]): ReadonlyMap<string, ReadonlySet<number>> {
  const ports = new Map<string, Set<number>>([['', new Set(profiles.flatMap(({ wireguard }) => wireguard?.port.value ?? []))]]);
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

/** A recorded WireGuard device of either end listens on its port, and has the other end as a peer. */
function isPeer(
  { src, dst, sport, dport }: DissectedFrame,
  state: StateFacts | null,
  nodeOf: (address: string | null) => string | null,
): boolean {
  const knows = (node: string | null, port: number | null, other: string | null): boolean =>
    (state?.nodes ?? []).some(
      (read) =>
        read.node === node &&
        listenPort(read) === port &&
        read.wireguard.ok &&
        read.wireguard.value?.peers.some((peer) => normalAddress(endpointAddress(peer)) === normalAddress(other ?? '')) === true,
    );
  return (sport !== null && knows(nodeOf(src), sport, dst)) || (dport !== null && knows(nodeOf(dst), dport, src));
}
