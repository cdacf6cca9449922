import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { stateCheck } from '../../harness/judge/state/state-check.ts';

/** First Linux version with WireGuard in the tree. */
const WIREGUARD_SINCE = [5, 6] as const;

/** Whether each kernel can encrypt at all. */
export const pre02 = stateCheck(
  {
    id: 'PRE-02',
    title: "every node's kernel can do it: ESP + the AEAD, or WireGuard (>= 5.6 or backport)",
    modes: ['ipsec', 'wireguard'],
    evidence: '/proc/crypto, uname -a, the WireGuard device, SAs, before',
    controls: ['node without WireGuard'],
  },
  (x, { manifest: { intent } }) => {
    for (const node of x.once(intent.mode === 'ipsec' ? 'crypto' : 'wireguard')) {
      if (intent.mode === 'ipsec') judgeCrypto(x, node);
      else judgeWireguard(x, node);
    }
    return x.conclude(intent.mode === 'ipsec' ? 'AES-GCM or AES-CBC with HMAC in the kernel' : 'WireGuard in the kernel', 'kernels');
  },
);

function judgeCrypto(x: Examination, node: NodeState): void {
  const crypto = x.use(node.crypto);
  if (crypto === undefined) return;
  const can = crypto.some(({ name }) => /^(rfc4106\()?gcm\(aes\)|^authenc\(hmac\(sha/.test(name));
  // Algorithms are loaded on demand: their absence from the list is no proof that they can't be loaded.
  if (can || (node.xfrmStates.ok && node.xfrmStates.value.some((sa) => sa.proto === 'esp'))) x.held();
  else x.gap(`${at(node)}: /proc/crypto lists no AES-GCM and no SA uses one; it may be loaded on demand`);
}

function judgeWireguard(x: Examination, node: NodeState): void {
  if (node.wireguard.ok && node.wireguard.value !== null) {
    x.cite(...node.wireguard.evidence);
    x.held();
    return;
  }
  const uname = x.use(node.uname);
  if (uname === undefined) return;
  const match = /\b(\d+)\.(\d+)\.\d+/.exec(uname);
  if (match === null) {
    x.gap(`${at(node)}: no kernel version in \`${uname}\``);
    return;
  }
  const [major, minor] = [Number(match[1]), Number(match[2])];
  const [a, b] = WIREGUARD_SINCE;
  x.expect(
    major > a || (major === a && minor >= b),
    `${at(node)}: kernel ${match[0]} has no WireGuard (since ${a}.${b}) and there is no device`,
  );
}
