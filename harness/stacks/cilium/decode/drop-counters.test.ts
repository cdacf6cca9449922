import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../testing/any-text.ts';
import { decodeDropCounters } from './drop-counters.ts';

/** As agent 1.18.3 printed it. */
const PRINTED = `REASON                    DIRECTION   PACKETS   BYTES      LINE   FILE
Fragmented packet         EGRESS      42        43750      846    conntrack.h
Interface                 INGRESS     1647      180431     462    bpf_overlay.c
Interface Decrypted       INGRESS     423       89610      1156   bpf_host.c
Invalid packet            EGRESS      27        24228      273    bpf_lxc.c
Invalid packet            EGRESS      3         200        900    bpf_host.c
Success                   EGRESS      12459     1018975    1808   bpf_host.c
Unsupported L3 protocol   EGRESS      133       9436       1553   bpf_lxc.c
`;

test('dropped packets, each reason and direction once; packets that were not dropped are left out', () => {
  expect(decodeDropCounters(PRINTED)).toEqual({
    items: [
      { reason: 'Invalid packet', direction: 'EGRESS', packets: 30 },
      { reason: 'Unsupported L3 protocol', direction: 'EGRESS', packets: 133 },
    ],
    unparsed: [],
  });
});

test('the form without places in the programs, up to 1.15', () => {
  expect(decodeDropCounters('REASON  DIRECTION  PACKETS  BYTES\nInvalid packet   INGRESS   2   100\n').items).toEqual([
    { reason: 'Invalid packet', direction: 'INGRESS', packets: 2 },
  ]);
});

test('a line of another shape is not understood, and no text throws', () => {
  expect(decodeDropCounters('Error: no map\n').unparsed).toHaveLength(1);
  fc.assert(
    fc.property(anyText(), (text) => {
      expect(Array.isArray(decodeDropCounters(text).items)).toBe(true);
    }),
  );
});
