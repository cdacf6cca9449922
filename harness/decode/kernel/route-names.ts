/** Tables, route protocols and scopes that iproute2 names and `ip -N` prints as numbers (include/uapi/linux/rtnetlink.h). */
const TABLES: Readonly<Record<string, string>> = { 253: 'default', 254: 'main', 255: 'local' };
const PROTOCOLS: Readonly<Record<string, string>> = {
  0: 'unspec',
  1: 'redirect',
  2: 'kernel',
  3: 'boot',
  4: 'static',
  9: 'ra',
  16: 'dhcp',
};
const SCOPES: Readonly<Record<string, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' };

/** The name of a table, or its number. */
export const tableName = (printed: string): string => TABLES[printed] ?? printed;
/** The name of a route protocol, or its number. */
export const routeProtocolName = (printed: string): string => PROTOCOLS[printed] ?? printed;
/** The name of a scope, or its number. */
export const scopeName = (printed: string): string => SCOPES[printed] ?? printed;
