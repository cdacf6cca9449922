import * as z from 'zod';
import type { Data } from './data.ts';
import { familySchema, modeSchema, routingSchema } from './mode.ts';

/**
 * What the user claims of the cluster. It is an input and is never read off the cluster under test:
 * a cluster with encryption off by mistake must fail.
 */
export const intentSchema = z.object({
  mode: modeSchema,
  routing: routingSchema,
  /** Profile id: the Cilium minor version, for instance `1.16`. */
  profile: z.string(),
  nodeEncryption: z.boolean(),
  strictMode: z.boolean(),
  perTunnelKeys: z.boolean(),
  families: z.array(familySchema),
});

export type Intent = Data<typeof intentSchema>;
