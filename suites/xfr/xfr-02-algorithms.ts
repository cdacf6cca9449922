import type { XfrmAlgorithm, XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { aboutSa, associationName, wholeStates } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { type ClusterEnds, describeEnd, farEnds, readAssociationEnds } from '../../harness/judge/state/node-ends.ts';

/** Key lengths in bits; AES-GCM with its 32 bits of salt. Source: NIST SP 800-77r1, section 4; RFC 8221. */
const AEAD_BITS: Readonly<Record<string, readonly number[]>> = { 'rfc4106(gcm(aes))': [160, 224, 288] };
const CIPHER_BITS: Readonly<Record<string, readonly number[]>> = { 'cbc(aes)': [128, 192, 256] };
const HASH_BITS: Readonly<Record<string, number>> = { 'hmac(sha256)': 256, 'hmac(sha384)': 384, 'hmac(sha512)': 512 };
const MIN_ICV_BITS = 96;

/** The policy table of algorithms, and that both ends of a tunnel agree. */
export const xfr02: Check = {
  id: 'XFR-02',
  must: 'Every SA has an algorithm and a key length in the policy table (AES-GCM, or AES-CBC with HMAC-SHA2), and both ends of a tunnel have the same',
  modes: ['ipsec'],
  evidence: 'ip xfrm state of every node, before and after',
  needs: ['host-shell'],
  remedy: `Rotate to a key of \`rfc4106(gcm(aes))\` with 128 or 256 bits (20 or 36 bytes with the salt): {replaceKey}. If the two ends differ, see which agent has not read the Secret yet.`,
  judge(x) {
    for (const node of x.nodes('before', 'after')) {
      for (const sa of wholeStates(x, at(node), x.use(node.xfrmStates) ?? [])) {
        const where = `${at(node)}: SA ${associationName(sa)}`;
        const problem = problemOf(sa);
        if (problem?.kind === 'gap') x.gap(`${where}: ${problem.text}`, aboutSa(node, sa));
        else x.expect(problem === null, `${where}: ${problem?.text ?? ''}`, aboutSa(node, sa));
      }
    }
    expectSameAlgorithms(x, readAssociationEnds(x, x.ipsec));
    return x.conclude('SAs');
  },
  across(x, ends) {
    expectSameAlgorithms(x, ends);
  },
};

function expectSameAlgorithms(x: Examination, ends: ClusterEnds): void {
  for (const own of ends.all())
    for (const end of own.outs())
      for (const other of farEnds(ends, own, end) ?? []) {
        if (other.spi !== end.spi || other.algorithms === end.algorithms) continue;
        const { sa } = describeEnd(x, x.ipsec, own.node, end);
        const text = `${at(own)}: SA ${sa} has ${end.algorithms}, ${end.peer} ${own.snapshot}: SA ${sa} has ${other.algorithms}`;
        x.fault(text, { node: own.node, sa });
      }
}

interface Problem {
  readonly kind: 'fault' | 'gap';
  readonly text: string;
}

function problemOf(sa: XfrmState): Problem | null {
  if (sa.proto !== 'esp') return fault(`${sa.proto} does not encrypt`);
  if (sa.aead !== undefined) return strength(sa.aead, AEAD_BITS[sa.aead.name]) ?? icv(sa.aead);
  if (sa.enc === undefined) return fault('no cipher');
  const cipher = strength(sa.enc, CIPHER_BITS[sa.enc.name]);
  if (cipher !== null) return cipher;
  if (sa.auth === undefined) return fault(`${sa.enc.name} without authentication`);
  const least = HASH_BITS[sa.auth.name];
  if (least === undefined) return fault(`authentication ${sa.auth.name} is not in the policy table`);
  if (sa.auth.keyBits === undefined) return { kind: 'gap', text: `key length of ${sa.auth.name} was not printed` };
  return sa.auth.keyBits < least / 2 ? fault(`${sa.auth.name} key of ${sa.auth.keyBits} bits`) : icv(sa.auth);
}

function strength(algorithm: XfrmAlgorithm, allowed: readonly number[] | undefined): Problem | null {
  if (allowed === undefined) return fault(`${algorithm.name} is not in the policy table`);
  if (algorithm.keyBits === undefined) return { kind: 'gap', text: `key length of ${algorithm.name} was not printed` };
  return allowed.includes(algorithm.keyBits)
    ? null
    : fault(`${algorithm.name} with ${algorithm.keyBits} key bits, allowed: ${allowed.join(', ')}`);
}

function icv({ name, icvBits }: XfrmAlgorithm): Problem | null {
  return icvBits !== undefined && icvBits < MIN_ICV_BITS ? fault(`${name} with an ICV of ${icvBits} bits, least ${MIN_ICV_BITS}`) : null;
}

function fault(text: string): Problem {
  return { kind: 'fault', text };
}
