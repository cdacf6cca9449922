import { expect, test } from 'vitest';
import { allowedTrafficSchema } from './allowed-traffic.ts';

const SAID = { reason: 'bridges of the racks', owner: 'network team' };
const read = (entry: object) => allowedTrafficSchema.safeParse({ ...SAID, ...entry });

test.each([
  { etherType: '0x88e7' },
  { protocol: 'vrrp' },
  { protocol: '112' },
  { protocol: 'udp', port: 41_641, address: '192.0.2.0/24' },
  { address: 'fd00::7' },
])('%j is understood', (entry) => expect(read(entry).error).toBeUndefined());

test.each([
  [{}, /at least one of etherType, protocol, address/],
  [{ port: 53 }, /at least one of etherType, protocol, address/],
  [{ etherType: '88e7' }, /an EtherType of four hex digits/],
  [{ address: 'rack7' }, /an IP address or a CIDR/],
  [{ address: '192.0.2.0/33' }, /an IP address or a CIDR/],
  [{ protocol: 'UDP!' }, /a protocol by name or number/],
  [{ protocol: 'udp', port: 70_000 }, /at most 65535/],
  [{ protocol: 'udp', reason: '' }, /a sentence/],
  [{ protocol: 'udp', owner: '' }, /a name/],
  [{ protocol: 'udp', ports: 53 }, /ports/],
] as const)('%j is refused, and says what is wrong', (entry, message) => expect(read(entry).error?.message).toMatch(message));
