import type { Check } from '../../harness/judge/check.ts';
import { at } from '../../harness/judge/state/examination.ts';
import { minorOf } from '../../harness/stacks/cilium/profiles/profile-for.ts';

/** One known version everywhere: expectations are the version's. */
export const pre03: Check = {
  id: 'PRE-03',
  must: 'The Cilium version is known, is the same on every node and has a profile',
  modes: ['ipsec', 'wireguard'],
  evidence: 'cilium version of every node, before',
  subject: 'claim',
  needs: ['agent-shell'],
  remedy:
    'List the versions: `kubectl -n kube-system get pods -l k8s-app=cilium -o custom-columns=NODE:.spec.nodeName,IMAGE:.spec.containers[0].image`. Let a roll-out finish (`kubectl -n kube-system rollout status ds/cilium`), or claim the version that runs with `--profile`.',
  judge(x) {
    const {
      manifest: { intent },
      profile,
    } = x.facts;
    if (profile === null) x.gap(`there is no profile for Cilium ${intent.profile}`);
    const versions = new Map<string, string>();
    for (const node of x.once('ciliumVersion')) {
      const version = x.use(node.ciliumVersion);
      if (version === undefined) continue;
      versions.set(node.node, version);
      x.expect(minorOf(version) === minorOf(intent.profile), `${at(node)}: Cilium ${version}, the intent's profile is ${intent.profile}`, {
        node: node.node,
      });
    }
    const distinct = new Set(versions.values());
    if (distinct.size > 1) x.fault(`several versions: ${[...versions].map(([node, version]) => `${node} ${version}`).join(', ')}`);
    return x.conclude('versions', `one version of Cilium ${intent.profile} on every node`);
  },
};
