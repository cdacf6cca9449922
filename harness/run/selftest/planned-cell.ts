import type { KeyKind } from '../../../clusters/datapath/keys/ipsec-key.ts';
import type { Intent } from '../../model/intent.ts';
import type { Recording } from '../../model/recording.ts';
import type { SelftestCell } from '../../model/selftest.ts';
import type { FlowChoice } from '../../record/steady.ts';
import type { Meanwhile } from './meanwhile.ts';

/** How a cell is recorded in the lab. */
export interface LabSource {
  readonly kind: 'lab';
  readonly flows: FlowChoice;
  /** Whether it begins with an un-encrypted phase; without one the positive control comes from the captures at the pods. */
  readonly clearPhase: boolean;
  /** What happens before the flows are driven; default nothing. */
  readonly meanwhile?: Meanwhile;
  /** IPsec key id at the start; default that of the lab. */
  readonly keyId?: number;
  /** Algorithms of the IPsec key; default those of the lab. */
  readonly key?: KeyKind;
  /** Agents up to 1.16 ran before, on the same kernels. */
  readonly updatedInPlace?: true;
}

/** Where a cell's recording comes from: made in the lab, made elsewhere, or nowhere, which is reported with the reason. */
export type CellSource =
  | LabSource
  | { readonly kind: 'recording'; readonly read: () => Promise<Recording> }
  | { readonly kind: 'absent'; readonly reason: string };

export interface PlannedCell {
  readonly cell: SelftestCell;
  readonly source: CellSource;
}

/** The shortest recording with the evidence for every check. */
export const PROBE: LabSource = { kind: 'lab', flows: 'probe', clearPhase: false };

/**
 * {@link PROBE} for an intent. The proxies of a mesh encrypt before a packet leaves its pod, also to a pod of the same node, so nothing shows
 * the canaries in the clear but an un-encrypted phase.
 */
export function probeOf({ mode }: Pick<Intent, 'mode'>): LabSource {
  return mode === 'tls' ? { ...PROBE, flows: 'probe-same-node', clearPhase: true } : PROBE;
}
