import type { ClusterProvider } from '../../harness/model/provider.ts';
import { ciliumProvider } from './cilium-provider.ts';
import type { KindOptions } from './options.ts';
import { referenceProvider } from './reference/provider.ts';

/** Clusters that kind creates for one run. */
export function kindProvider(options: KindOptions): ClusterProvider {
  return options.datapath === 'cilium' ? ciliumProvider(options) : referenceProvider(options);
}
