import { HTTP_PORT, UDP_ECHO_PORT } from '../../model/demo-ports.ts';
import type { Family } from '../../model/mode.ts';
import type { FlowEnd, FlowPath, TrafficRecord } from '../../model/recording.ts';

/** A flow that will be driven. */
export interface PlannedFlow {
  readonly id: string;
  readonly path: FlowPath;
  readonly family: Family;
  readonly protocol: TrafficRecord['protocol'];
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  readonly port: number | null;
  readonly canary: string;
  /** Requests to send. */
  readonly count: number;
  /** Method and path of an HTTP request; absent: the demo's. */
  readonly request?: string;
  /** Minimum payload bytes; 0 for the smallest payload with the canary. */
  readonly bytes: number;
}

/** Where each protocol is served; an echo request of ICMP has no port. */
export const SERVED_AT = { tcp: HTTP_PORT, udp: UDP_ECHO_PORT, icmp: null, sctp: UDP_ECHO_PORT } as const;

/** A flow of the load of a window, which has no SCTP. */
export type LoadFlow = PlannedFlow & { readonly protocol: Exclude<PlannedFlow['protocol'], 'sctp'> };

/** The canary of each flow by its id: what the journal says of flows before they are driven. */
export function plannedCanaries(flows: readonly PlannedFlow[]): Readonly<Record<string, string>> {
  return Object.fromEntries(flows.map(({ id, canary }) => [id, canary]));
}
