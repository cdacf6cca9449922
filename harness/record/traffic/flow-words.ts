import ipaddr from 'ipaddr.js';
import type { Instant } from '../../model/recording.ts';
import type { PlannedFlow } from './planned-flow.ts';

/** Destination of a flow in the format of the traffic programs: protocol, family, address, address in hex, port, canary. */
export function streamWords(flow: PlannedFlow): string[] {
  const { address } = flow.destination;
  const bytes = Buffer.from(ipaddr.parse(address).toByteArray()).toString('hex');
  return [flow.protocol, flow.family === 'ipv6' ? '6' : '4', address, bytes, String(flow.port ?? 0), flow.canary];
}

/** The moment some milliseconds after another, by both clocks. */
export function later(instant: Instant, ms: number): Instant {
  return { utc: new Date(Date.parse(instant.utc) + ms).toISOString(), monotonicMs: instant.monotonicMs + ms };
}
