import type { FaultStatement } from '../harness/model/cluster.ts';
import { DATAPATH_FAULTS } from './datapath/faults/catalogue.ts';
import { MESH_FAULTS } from './mesh/faults.ts';
import { TLS_FAULTS } from './tls/faults.ts';

/** Every fault of the lab, of every stack. */
export const FAULTS: readonly FaultStatement[] = [...DATAPATH_FAULTS, ...MESH_FAULTS, ...TLS_FAULTS];
