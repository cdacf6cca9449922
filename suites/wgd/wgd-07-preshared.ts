import type { WireguardPeer } from '../../harness/decode/kernel/wireguard-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { deviceOf } from '../../harness/judge/state/wireguard-peers.ts';
import { KEY_PATTERN_WORDS } from '../key-pattern-words.ts';

/**
 * WGD-07: a preshared key is mixed into the handshake (Noise IKpsk2), and is what is left of the protection when X25519 is broken. With the
 * key missing at both ends everything works as before.
 */
export const wgd07: Check = {
  id: 'WGD-07',
  must: 'Where preshared keys are claimed, each peer has one, and none is easy to guess',
  modes: ['wireguard'],
  evidence:
    'wg show {wireguardDevice} preshared-keys on every node, keys as fingerprints, before and after; key-patterns.json, which the recorder wrote while it had the keys in memory',
  needs: ['host-shell'],
  remedy: `Make a key (\`wg genpsk\`) and set the same one at both ends of the named peer: \`wg set {wireguardDevice} peer KEY preshared-key FILE\`, and in the configuration from which the device is made. It is used from the next handshake on.`,
  judge(x) {
    if (x.facts.manifest.intent.presharedKeys !== true) return x.set('not-applicable', 'no preshared keys are claimed');
    for (const node of x.nodes('before', 'after')) {
      const device = deviceOf(x, node);
      if (device === undefined) continue;
      if (device === null) x.gap(`${at(node)}: there is no device ${x.words.wireguardDevice}, so no peer`, { node: node.node });
      for (const peer of device?.peers ?? []) judgePeer(x, node, peer);
    }
    return x.conclude('preshared keys', 'a preshared key with every peer');
  },
};

function judgePeer(x: Examination, node: NodeState, peer: WireguardPeer): void {
  const about = { node: node.node };
  const who = `${at(node)}: the peer at ${peer.endpoint ?? 'no endpoint'} (${peer.publicKey})`;
  const { presharedKey, presharedKeyFingerprint: fingerprint } = peer;
  const pattern = fingerprint === undefined ? undefined : x.use(x.facts.state.keyPatterns)?.get(fingerprint);
  if (presharedKey === 'none') x.fault(`${who} has no preshared key`, about);
  else if (presharedKey === 'unknown') x.gap(`${who}: whether it has a preshared key was not read`, about);
  else if (pattern === undefined) x.gap(`${who}: the pattern of its preshared key was not recorded`, about);
  else if (pattern === 'none') x.held();
  else x.fault(`${who}: its preshared key ${KEY_PATTERN_WORDS[pattern]}`, about);
}
