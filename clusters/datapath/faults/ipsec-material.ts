import { createHash } from 'node:crypto';
import { ipsecOptions } from '../context.ts';
import { newIpsecKey } from '../keys/ipsec-key.ts';
import { layOut } from '../lay.ts';
import { ends, inState, outState, statesPlan } from '../plan/ipsec-states.ts';
import { layoutsWhere } from '../profile.ts';
import { cell, NO_ESP } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair, ipBatch, replaced } from './on-first-node.ts';

const BY_THE_SECRET = layoutsWhere(({ perTunnelKeys }) => perTunnelKeys === 'with-plus');
const IN_ANY_CASE = layoutsWhere(({ perTunnelKeys }) => perTunnelKeys === 'always');

const oneKeyForAll = (fault: Pick<DatapathFault, 'id' | 'what' | 'cells' | 'why'>): DatapathFault => ({
  ...fault,
  like: 'F01',
  when: 'instead-of-enable',
  scenario: 'steady',
  inject: async (context) => {
    if (!context.ipsecKey.perTunnel) throw new RangeError(`fault ${fault.id} needs a cluster with per-tunnel keys`);
    context.ipsecKey = newIpsecKey(context.ipsecKey.id, false);
    await layOut(context, 'ipsec');
  },
});

export const ONE_KEY_FOR_ALL = oneKeyForAll({
  id: 'L09',
  what: 'one shared key for all tunnels, where a key a tunnel is claimed',
  cells: [cell({ mode: 'ipsec', profiles: IN_ANY_CASE }, 'XFR-03 XFR-04', 'XFR-10')],
  why: 'from 1.17 on agents derive a key for each tunnel from any key id, so only the SAs tell; they have no ESN and no replay window either; traffic flows as ever',
});

export const KEY_ID_WITHOUT_PLUS = oneKeyForAll({
  id: 'L09b',
  what: 'the key id has no +, so that all tunnels share the key of the Secret, where a key a tunnel is claimed',
  cells: [cell({ mode: 'ipsec', profiles: BY_THE_SECRET }, 'CFG-03 XFR-03 XFR-04', 'XFR-10')],
  why: 'up to 1.16 a key id without + makes agents lay the key of the Secret on every SA, without ESN and replay window; traffic flows as ever',
});

/** The SA with another algorithm; keys are derived from its own, so that both ends have the same. */
function weakened(algorithm: (key: (purpose: string, bytes: number) => string) => string): (add: string) => string {
  return (add) =>
    add.replace(/aead \S+ 0x([0-9a-f]+) \d+/, (_, hex: string) =>
      algorithm((purpose, bytes) => {
        const material = createHash('sha512').update(`${purpose} ${hex}`).digest();
        return `0x${material.subarray(0, bytes).toString('hex')}`;
      }),
    );
}

const weakAlgorithm = (
  id: string,
  what: string,
  why: string,
  cells: DatapathFault['cells'],
  change: (add: string) => string,
): DatapathFault => ({
  id,
  what,
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells,
  why,
  inject: async (context) => {
    firstPair(context, id, 'ipsec');
    const options = ipsecOptions(context);
    for (const view of context.views) await ipBatch(context, view.self.name, replaced(statesPlan(options, view), change), `fault ${id}`);
  },
});

export const WEAK_ALGORITHM = weakAlgorithm(
  'L11',
  'the SAs of all nodes use 3DES with HMAC-SHA1',
  'the kernel encrypts with what it is told to, and everything is answered; only the algorithm is wrong',
  [cell({ mode: 'ipsec' }, 'XFR-02', 'XFR-04 WIR-07')],
  weakened((key) => `auth-trunc hmac(sha1) ${key('auth', 20)} 96 enc cbc(des3_ede) ${key('enc', 24)}`),
);

export const NULL_CIPHER = weakAlgorithm(
  'L11b',
  'the SAs of all nodes use the null cipher: ESP frames in which the packet is readable',
  'RFC 2410: ESP with NULL keeps its header and its counters; the frames have the number of ESP, but what they carry is no ciphertext, so they count as readable and none of them as ESP; without a key there is nothing to compare',
  [cell({ mode: 'ipsec' }, 'XFR-02 WIR-01 WIR-03', 'CFG-07 XFR-03 XFR-04 XFR-09 WIR-02 WIR-07 WIR-10 WIR-11', NO_ESP)],
  weakened((key) => `auth-trunc hmac(sha256) ${key('auth', 32)} 128 enc ecb(cipher_null) ""`),
);

/** Much more than three quarters of the numbers, with enough left for the traffic of a run. */
const NEARLY = '0xfffff000';

export const SEQUENCE_NEARLY_OUT: DatapathFault = {
  id: 'L12',
  what: 'the SAs towards one peer have nearly used up their sequence numbers',
  like: 'F17',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'XFR-10')],
  why: 'both ends agree on the number, so traffic flows until the last one is used: 2^32 numbers, or 2^64 with ESN',
  inject: async (context) => {
    const { view, peer, other, back, options } = firstPair(context, 'L12', 'ipsec');
    const extended = options.key.perTunnel;
    const high = (add: string, way: 'oseq' | 'seq') => {
      const number = extended ? `replay-${way}-hi ${NEARLY} replay-${way} 0x400` : `replay-${way} ${NEARLY}`;
      return add.replace(/ mark /, ` ${number} mark `);
    };
    const out = ends(options).map((end) => outState(options, view, peer, end));
    await ipBatch(
      context,
      view.self.name,
      replaced(out, (add) => high(add, 'oseq')),
      'fault L12',
    );
    // Without ESN and a window the receiver keeps no number to compare with.
    if (!extended) return;
    const inward = ends(options).map((end) => inState(options, other, back, end));
    await ipBatch(
      context,
      other.self.name,
      replaced(inward, (add) => high(add, 'seq')),
      'fault L12',
    );
  },
};
