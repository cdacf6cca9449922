import * as z from 'zod';
import type { Data } from './data.ts';

const PROTOCOL = 'a protocol by name or number: "udp", "vrrp", "112"';
const PLACE = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/**
 * Traffic between nodes that the user takes responsibility for: it is listed with its reason, and no check is inconclusive because of it.
 * It never allows a readable packet between two pods. Every field that is given must match; at least one of `etherType`, `protocol` and
 * `address` is.
 */
export const allowedTrafficSchema = z
  .strictObject({
    etherType: z
      .string()
      .regex(/^0x[0-9a-f]{4}$/, 'an EtherType of four hex digits: "0x88e7"')
      .describe('EtherType of frames that are not IP, for instance "0x88e7".')
      .optional(),
    protocol: z
      .string(PROTOCOL)
      .regex(/^[a-z0-9-]+$/, PROTOCOL)
      .describe('Innermost IP protocol, by name or number.')
      .optional(),
    port: z.int('a port').min(1, 'at least 1').max(65_535, 'at most 65535').describe('Port of the source or the destination.').optional(),
    address: z
      .string()
      .refine((text) => PLACE.safeParse(text).success, 'an IP address or a CIDR: "192.0.2.7", "192.0.2.0/24"')
      .describe('Address or CIDR of the source or the destination.')
      .optional(),
    reason: z.string().min(1, 'a sentence').describe('Why it may travel unencrypted.'),
    owner: z.string().min(1, 'a name').describe('Who is responsible for it.'),
  })
  .refine(({ etherType, protocol, address }) => etherType !== undefined || protocol !== undefined || address !== undefined, {
    message: 'at least one of etherType, protocol, address: traffic that is not described cannot be allowed',
  });

export type AllowedTraffic = Data<typeof allowedTrafficSchema>;
