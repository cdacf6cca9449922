import * as z from 'zod';
import { allowedTrafficSchema } from './allowed-traffic.ts';
import type { Data } from './data.ts';
import { familySchema, modeSchema, routingSchema } from './mode.ts';

export const STACKS = ['cilium', 'plain-wireguard'] as const;
export type StackName = (typeof STACKS)[number];

/** The stack of an intent that names none. */
export const DEFAULT_STACK: StackName = 'cilium';

/** A stack as texts write it. */
export const STACK_TITLES: Readonly<Record<StackName, string>> = { cilium: 'Cilium', 'plain-wireguard': 'plain WireGuard' };

/**
 * What the user claims of the cluster. It is an input and is never read off the cluster under test:
 * a cluster with encryption off by mistake must fail.
 */
export const intentSchema = z.object({
  /** Whose encryption it is; absent: {@link DEFAULT_STACK}. Recordings of before there was a second stack do not say it, and their plan's digest holds. */
  stack: z.enum(STACKS).exactOptional(),
  mode: modeSchema,
  routing: routingSchema,
  /** Profile id: for an agent's stack its minor version, for instance `1.16`. */
  profile: z.string(),
  nodeEncryption: z.boolean(),
  strictMode: z.boolean(),
  perTunnelKeys: z.boolean(),
  families: z.array(familySchema),
  /** Traffic between nodes that somebody answers for; absent: none. */
  allow: z.array(allowedTrafficSchema).optional(),
});

export type Intent = Data<typeof intentSchema>;
