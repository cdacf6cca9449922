import type { Cluster, FaultStatement } from '../../../harness/model/cluster.ts';
import type { DatapathContext } from '../context.ts';

/** A fault of the catalogue (FAULTS: L..), made by real operations on the kernel or, for `false-answers`, on what the recorder receives. */
export interface DatapathFault extends FaultStatement {
  inject(context: DatapathContext): Promise<void>;
  /** Only faults of the moment `false-answers` have it. */
  withFalseAnswers?(context: DatapathContext, cluster: Cluster): Cluster;
  /** For `false-answers`: `inject` replaces enabling. Absent: it is never called. */
  readonly replacesEnabling?: boolean;
}
