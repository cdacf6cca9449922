import type { AgentSight, ClusterWatch, EncryptionKeys } from '../../harness/model/cluster.ts';
import { nodesHolding } from '../cilium/rotate-key.ts';
import type { DatapathContext } from './context.ts';

/** Changes of the datapath, as its API server shows them. */
export function datapathWatch(context: DatapathContext, keys: EncryptionKeys): ClusterWatch {
  const names = (): string[] => context.nodes.map(({ name }) => name);
  return {
    look: async () => {
      const { id, fingerprint } = await keys.current();
      const { profile, publishedIds, restarting, restarts, laid } = context;
      const agents = names().flatMap((node): [string, AgentSight][] =>
        restarting.has(node)
          ? []
          : [
              [
                node,
                { instance: `${node}/${restarts.get(node) ?? 0}`, ready: true, version: context.versions.get(node)?.id ?? profile.id },
              ],
            ],
      );
      return {
        key: laid === 'ipsec' ? { id, fingerprint } : null,
        published: Object.fromEntries(names().map((node) => [node, publishedIds.get(node) ?? id])),
        agents: Object.fromEntries(agents),
      };
    },
    holding: (keyId) => nodesHolding(keyId, names(), context.options.host),
  };
}
