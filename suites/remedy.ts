/** What the remedies of several checks tell an operator to run. In each, AGENT, NODE and words in capitals stand for names of the cluster. */

/** Before a command: runs it in an agent; `pod/AGENT` in place of `ds/cilium` picks the agent of one node. */
export const ON_AGENT = 'kubectl -n kube-system exec ds/cilium -- ';

export const RESTART_AGENTS = '`kubectl -n kube-system rollout restart ds/cilium`';

/** A new key, N being the present id plus one (1 after 15). Replaced, not applied: apply leaves the key in an annotation of the Secret. */
export const REPLACE_KEY =
  '`kubectl -n kube-system create secret generic cilium-ipsec-keys --from-literal=keys="N+ rfc4106(gcm(aes)) $(openssl rand -hex 20) 128" --dry-run=client -o yaml | kubectl replace -f -` (N: the present id plus one)';
