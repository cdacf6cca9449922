import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../testing/any-text.ts';
import { decodeIpStat } from './ip-stat.ts';

test('names and values of /proc/net/snmp, and a counter a line of /proc/net/snmp6', () => {
  const text =
    'Ip: Forwarding ReasmFails\nIp: 1 3\nIcmpMsg: InType3\nIcmpMsg: 44\nTcp: RtoMax MaxConn\nTcp: 120000 -1\nIp6ReasmFails                   \t7\n';
  expect(decodeIpStat(text)).toEqual({
    items: [
      { name: 'IpForwarding', value: 1 },
      { name: 'IpReasmFails', value: 3 },
      { name: 'IcmpMsgInType3', value: 44 },
      { name: 'TcpRtoMax', value: 120000 },
      { name: 'TcpMaxConn', value: -1 },
      { name: 'Ip6ReasmFails', value: 7 },
    ],
    unparsed: [],
  });
});

test.each([
  ['values of another protocol', 'Ip: A\nTcp: 1\n'],
  ['fewer values than names', 'Ip: A B\nIp: 1\n'],
  ['names without values', 'Ip: A B\n'],
  ['another text', 'No such file\n'],
])('%s is not understood', (_, text) => {
  expect(decodeIpStat(text).unparsed).not.toEqual([]);
});

test('any text: never throws', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      expect(Array.isArray(decodeIpStat(text).items)).toBe(true);
    }),
  );
});
