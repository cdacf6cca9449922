import type { Check } from '../../harness/judge/check.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';

/** First Linux version with WireGuard in the tree. */
const WIREGUARD_SINCE = [5, 6] as const;

/** Whether each kernel can encrypt. */
export const pre02: Check = {
  id: 'PRE-02',
  must: "Every node's kernel can encrypt: ESP with AES-GCM or with AES-CBC and HMAC for IPsec, WireGuard (Linux 5.6 or a backport) for WireGuard",
  modes: ['ipsec', 'wireguard'],
  evidence: '/proc/crypto, uname -a, the WireGuard device, SAs, before',
  needs: ['host-shell'],
  remedy:
    'On the named node load the modules and check that they are there: `modprobe -a esp4 esp6 gcm` (IPsec) or `modprobe wireguard` (WireGuard), then `grep -A1 gcm /proc/crypto`. If the kernel has none, install one that does, or take the node out of the cluster.',
  judge(x) {
    const { intent } = x.facts.manifest;
    for (const node of x.once(intent.mode === 'ipsec' ? 'crypto' : 'wireguard')) {
      if (intent.mode === 'ipsec') judgeCrypto(x, node);
      else judgeWireguard(x, node);
    }
    return x.conclude('kernels', intent.mode === 'ipsec' ? 'AES-GCM or AES-CBC with HMAC in the kernel' : 'WireGuard in the kernel');
  },
};

function judgeCrypto(x: Examination, node: NodeState): void {
  const crypto = x.use(node.crypto);
  if (crypto === undefined) return;
  const can = crypto.some(({ name }) => /^(rfc4106\()?gcm\(aes\)|^authenc\(hmac\(sha/.test(name));
  // Algorithms are loaded on demand: their absence from the list does not prove that they cannot be loaded.
  if (can || (node.xfrmStates.ok && node.xfrmStates.value.some((sa) => sa.proto === 'esp'))) x.held();
  else x.gap(`${at(node)}: /proc/crypto lists no AES-GCM and no SA uses one; it may be loaded on demand`, { node: node.node });
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
    x.gap(`${at(node)}: no kernel version in \`${uname}\``, { node: node.node });
    return;
  }
  const [major, minor] = [Number(match[1]), Number(match[2])];
  const [a, b] = WIREGUARD_SINCE;
  x.expect(
    major > a || (major === a && minor >= b),
    `${at(node)}: kernel ${match[0]} has no WireGuard (since ${a}.${b}) and there is no device`,
    { node: node.node },
  );
}
