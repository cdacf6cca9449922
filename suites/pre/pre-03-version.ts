import { at } from '../../harness/judge/state/examination.ts';
import { stateCheck } from '../../harness/judge/state/state-check.ts';
import { minorOf } from '../../harness/stacks/cilium/profiles/profile-for.ts';

/** One known version everywhere: expectations are the version's. */
export const pre03 = stateCheck(
  {
    id: 'PRE-03',
    title: 'Cilium version known, one version everywhere, profile found; else inconclusive, never a guess',
    modes: ['ipsec', 'wireguard'],
    evidence: 'cilium version of every node, before',
    controls: ['L36'],
  },
  (x, { manifest: { intent }, profile }) => {
    if (profile === null) x.gap(`there is no profile for Cilium ${intent.profile}`);
    const versions = new Map<string, string>();
    for (const node of x.once('ciliumVersion')) {
      const version = x.use(node.ciliumVersion);
      if (version === undefined) continue;
      versions.set(node.node, version);
      x.expect(minorOf(version) === minorOf(intent.profile), `${at(node)}: Cilium ${version}, the intent's profile is ${intent.profile}`);
    }
    const distinct = new Set(versions.values());
    if (distinct.size > 1) x.fault(`several versions: ${[...versions].map(([node, version]) => `${node} ${version}`).join(', ')}`);
    return x.conclude(`one version of Cilium ${intent.profile} on every node`, 'versions');
  },
);
