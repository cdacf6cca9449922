import type { Cluster, FaultStatement } from '../../../harness/model/cluster.ts';
import type { DatapathContext } from '../context.ts';

/** A fault of the catalogue (FAULTS: L..), made by real operations on the kernel or, for `disguise`, on what the recorder receives. */
export interface DatapathFault extends FaultStatement {
  inject(context: DatapathContext): Promise<void>;
  /** Only faults of the moment `disguise` have it. */
  disguise?(context: DatapathContext, cluster: Cluster): Cluster;
  /** For `disguise`: `inject` replaces enabling. Absent: it is never called. */
  readonly replacesEnabling?: boolean;
}
