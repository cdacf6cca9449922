import type { FaultCell, FaultStatement } from '../../../harness/model/cluster.ts';
import type { Intent } from '../../../harness/model/intent.ts';
import { stackOf } from '../../../harness/stacks/stack-of.ts';
import { layoutsWhere } from '../profile.ts';

/** Claims that a cell may ask for or rule out, and how a table says that it asks for one. */
const CLAIMS = [
  { key: 'nodeEncryption', of: (intent: Intent) => intent.nodeEncryption, words: 'node encryption' },
  { key: 'strictIngress', of: (intent: Intent) => intent.strictIngress === true, words: 'strict ingress' },
  { key: 'presharedKeys', of: (intent: Intent) => intent.presharedKeys === true, words: 'preshared keys' },
  { key: 'cryptoperiod', of: (intent: Intent) => intent.cryptoperiodDays !== undefined, words: 'a cryptoperiod' },
  { key: 'sctp', of: (intent: Intent) => intent.sctp === true, words: 'SCTP' },
  { key: 'loadBalancer', of: (intent: Intent) => intent.loadBalancer !== undefined, words: 'a load balancer' },
  { key: 'kernelTls', of: (intent: Intent) => intent.kernelTls !== undefined, words: 'kernel TLS' },
  { key: 'egressGateway', of: (intent: Intent) => intent.egressGateway !== undefined, words: 'an egress gateway' },
] as const;

/** The first cell of a fault that matches an intent; undefined where the fault cannot be made. */
export function fittingCell(fault: FaultStatement, intent: Intent): FaultCell | undefined {
  if (stackOf(fault).name !== stackOf(intent).name) return undefined;
  return fault.cells.find(
    (each) =>
      each.mode === intent.mode &&
      (each.routings?.includes(intent.routing) ?? true) &&
      (each.profiles?.includes(intent.profile) ?? true) &&
      (each.families?.every((family) => intent.families.includes(family)) ?? true) &&
      CLAIMS.every(({ key, of }) => each[key] === undefined || each[key] === of(intent)),
  );
}

/** Where a cell is, in words: `wireguard native node encryption`. */
export function cellWords(each: FaultCell): string {
  const claims = CLAIMS.map(({ key, words }) => (each[key] === true ? words : undefined));
  const words = [each.mode, each.routings?.join('/'), each.profiles?.join('/'), each.families?.join('+'), ...claims];
  return words.filter((part) => part !== undefined).join(' ');
}

/** Ids of checks from lines of text, separated by blanks. */
function checks(...ids: readonly string[]): readonly string[] {
  return ids.flatMap((line) => line.split(' ')).filter((id) => id !== '');
}

/** A cell: where, what must be red, and what follows from the same cause. */
export function cell(where: Omit<FaultCell, 'reddens' | 'implies'>, reddens: string, ...implies: readonly string[]): FaultCell {
  const must = checks(reddens);
  return { ...where, reddens: must, implies: [...new Set(checks(...implies))].filter((id) => !must.includes(id)) };
}

/**
 * Nothing is answered between two nodes: a flow without an answer never counts as encrypted. WIR-01 supports, because no plaintext was seen
 * and some flows were answered: those to a service with a backend on the same node.
 */
export const LOSS = 'WIR-02 WIR-03 WIR-10 WIR-11';

/** Pod traffic of all sizes is readable: each flow and each canary, and there is no ciphertext. */
export const CLEAR = 'WIR-01 WIR-02 WIR-03 WIR-10 WIR-11';

/** There is no ESP on the wire, so nothing is known about it. */
export const NO_ESP = 'WIR-05 WIR-06 WIR-09 WIR-13';

/** Profiles in whose tunnel mode ESP runs inside the tunnel, between cilium_host addresses. */
export const ESP_IN_TUNNEL = layoutsWhere(({ tunnelOrder }) => tunnelOrder === 'esp-in-vxlan');

/** Profiles in whose tunnel mode the tunnel runs inside ESP, between node addresses. */
export const TUNNEL_IN_ESP = layoutsWhere(({ tunnelOrder }) => tunnelOrder === 'vxlan-in-esp');

export const TUNNELS = ['vxlan', 'geneve'] as const;

/**
 * Dual stack. If only IPv4 goes around the encryption, IPv6 still increments the counters of the same peers, so the driven traffic may be
 * less than the counters.
 */
export const BOTH = ['ipv4', 'ipv6'] as const;

/** Profiles with the rule that sends packets marked for encryption to table 200, and so out of cilium_host. */
export const MARKED_TO_TABLE_200 = layoutsWhere(({ encryptRule }) => encryptRule);

/** Profiles with one in SA for all peers, one key, and no replay window. */
export const ONE_IN_SA = layoutsWhere(({ inState }) => inState === 'any-peer');

/** Profiles whose WireGuard contains the pod packet without tunnel header also in tunnel mode. */
export const BARE_IN_WIREGUARD = layoutsWhere(({ wireguard }) => !wireguard.encapsulates);

/** Why plaintext of a marked packet does not reach the wire there. */
export const NATIVE_LOSES =
  'With native routing table 200 sends the packet out of cilium_host, which passes on ESP alone: it is lost there, and no plaintext is on the wire';
