import type { Check } from '../../harness/judge/check.ts';
import { at } from '../../harness/judge/state/examination.ts';

/** One known version on all nodes, because the expected values depend on the version. */
export const pre03: Check = {
  id: 'PRE-03',
  must: 'The version of the agents is known, is the same on every node and has a profile',
  modes: ['ipsec', 'wireguard'],
  evidence: 'version of every agent, before',
  subject: 'claim',
  needs: ['agent-shell'],
  remedy: 'List the versions: `{listVersions}`. Let a roll-out finish (`{awaitAgents}`), or claim the version that runs with `--profile`.',
  judge(x) {
    const {
      manifest: { intent },
      profile,
    } = x.facts;
    if (profile === null) x.gap(`there is no profile for ${x.words.stack} ${intent.profile}`);
    const versions = new Map<string, string>();
    for (const node of x.once('agentVersion')) {
      const version = x.use(node.agentVersion);
      if (version === undefined) continue;
      versions.set(node.node, version);
      x.expect(
        x.stack.profileIdOf(version) === x.stack.profileIdOf(intent.profile),
        `${at(node)}: ${x.words.stack} ${version}, the intent's profile is ${intent.profile}`,
        {
          node: node.node,
        },
      );
    }
    const distinct = new Set(versions.values());
    if (distinct.size > 1) x.fault(`several versions: ${[...versions].map(([node, version]) => `${node} ${version}`).join(', ')}`);
    return x.conclude('versions', `one version of ${x.words.stack} ${intent.profile} on every node`);
  },
};
