import { z } from 'zod';
import type { Decoded, UnparsedLine } from '../../../decode/decoded.ts';
import { unparsedLine } from '../../../decode/kernel/lines.ts';
import type { LoggedFlow } from '../../agent-items.ts';

const port = z.number().int().min(0).max(65_535);
const ports = z.object({ source_port: port.optional(), destination_port: port.optional() });

/** The fields of a flow that are read (api/v1/flow/flow.proto); protobuf leaves out what is false or 0. */
const flowSchema = z.object({
  time: z.string().optional(),
  IP: z
    .object({ source: z.string(), source_xlated: z.string().optional(), destination: z.string(), encrypted: z.boolean().optional() })
    .optional(),
  l4: z
    .object({
      TCP: ports.optional(),
      UDP: ports.optional(),
      SCTP: ports.optional(),
      ICMPv4: z.object({}).optional(),
      ICMPv6: z.object({}).optional(),
    })
    .optional(),
  trace_observation_point: z.string().optional(),
});

/** A line of `hubble observe -o jsonpb`: a flow, or a message about lost events or a node. */
const lineSchema = z.object({ flow: flowSchema.optional() });

/**
 * Reads `hubble observe -o jsonpb` of one node, with an object a line, or what {@link withoutDetails} left of it. Flows without addresses (ARP)
 * are no items.
 */
export function decodeHubbleFlows(text: string): Decoded<LoggedFlow> {
  const items: LoggedFlow[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const flow = flowOf(line);
    if (flow === null) unparsed.push(unparsedLine(index + 1, line));
    else items.push(...flow);
  }
  return { items, unparsed };
}

/** The flow of a line; none for other messages; null for what is no line of Hubble. */
function flowOf(line: string): readonly LoggedFlow[] | null {
  const parsed = lineSchema.safeParse(jsonOf(line));
  if (!parsed.success) return null;
  const { IP, l4, trace_observation_point: point = '' } = parsed.data.flow ?? {};
  if (IP === undefined) return [];
  const { TCP, UDP, SCTP } = l4 ?? {};
  const ends = TCP ?? UDP ?? SCTP;
  const protocol = TCP ? 'tcp' : UDP ? 'udp' : SCTP ? 'sctp' : l4?.ICMPv4 !== undefined || l4?.ICMPv6 !== undefined ? 'icmp' : null;
  return [
    {
      source: IP.source_xlated ?? IP.source,
      destination: IP.destination,
      protocol,
      sport: ends?.source_port ?? null,
      dport: ends?.destination_port ?? null,
      encrypted: IP.encrypted === true,
      point,
    },
  ];
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * What Hubble printed with only those fields of each flow that are read: no labels, names, identities or content of requests. A line that is none
 * of Hubble becomes `?`, so that it is missed.
 */
export function withoutDetails(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      if (line.trim() === '') return '';
      const parsed = lineSchema.safeParse(jsonOf(line));
      return parsed.success ? JSON.stringify(parsed.data) : '?';
    })
    .join('\n');
}
