import * as z from 'zod';

export const MODES = ['ipsec', 'wireguard', 'tls', 'none'] as const;

/** Which transparent encryption the user claims is on. `none` claims that nothing is encrypted. */
export const modeSchema = z.enum(MODES);
export type Mode = (typeof MODES)[number];

/** The modes that encrypt between nodes, below the packets of pods, in the order of a run without a mode. */
export const ENCRYPTING_MODES = ['ipsec', 'wireguard'] as const satisfies readonly Mode[];

/** The name of each mode in texts. */
export const MODE_NAMES: Readonly<Record<Mode, string>> = { ipsec: 'IPsec', wireguard: 'WireGuard', tls: 'mutual TLS', none: 'none' };

export const ROUTINGS = ['vxlan', 'geneve', 'native'] as const;

/** How pod packets travel between nodes below the encryption. */
export const routingSchema = z.enum(ROUTINGS);
export type Routing = (typeof ROUTINGS)[number];

export const FAMILIES = ['ipv4', 'ipv6'] as const;

/** An IP family; checks judge each family separately. */
export const familySchema = z.enum(FAMILIES);
export type Family = (typeof FAMILIES)[number];
