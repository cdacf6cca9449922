import { describe, expect, test } from 'vitest';
import { isAbout, type RedItem, type Waiver, WaiversSchema, waiverSubject } from './waiver.ts';

const ANSWER = { owner: 'platform team', reason: 'host network is left out of this cluster', expires: '2026-03-31' };
const FLOW = 'pod-pod/tcp/ipv4/wirewitness-1a2b/client-1/wirewitness-1a2b/client-2';
const waiver = (about: Partial<Waiver>): Waiver => ({ check: 'WIR-01', ...ANSWER, ...about });
const leak: RedItem = { check: 'WIR-01', text: 'readable', flow: FLOW, leak: true };

describe('what a waiver is about', () => {
  test('a flow by its id, whose namespaces a run names anew', () => {
    expect(isAbout(waiver({ flow: FLOW }), leak)).toBe(true);
    expect(isAbout(waiver({ flow: 'pod-pod/tcp/ipv4/*/client-1/*/client-2' }), leak)).toBe(true);
    expect(isAbout(waiver({ flow: 'pod-pod/tcp/ipv4/*/client-1/*/client-3' }), leak)).toBe(false);
    expect(isAbout(waiver({ flow: 'pod-pod/tcp/ipv4/*' }), leak)).toBe(false);
    expect(isAbout(waiver({ flow: 'pod-pod.tcp.ipv4' }), leak)).toBe(false);
  });

  test('its check only', () => expect(isAbout(waiver({ check: 'WIR-03', flow: FLOW }), leak)).toBe(false));

  test('a node and an SA, each and both', () => {
    const item: RedItem = { check: 'XFR-03', text: 'one key', node: 'node1', sa: '10.0.1.1 -> 10.0.2.1 spi 0x00000003', leak: false };
    const of = (about: Partial<Waiver>) => isAbout(waiver({ check: 'XFR-03', ...about }), item);
    expect(of({ node: 'node1' })).toBe(true);
    expect(of({ node: 'node2' })).toBe(false);
    expect(of({ sa: '10.0.1.1 -> 10.0.2.1 spi *' })).toBe(true);
    expect(of({ node: 'node2', sa: '10.0.1.1 -> 10.0.2.1 spi *' })).toBe(false);
    expect(of({ flow: FLOW })).toBe(false);
  });

  test('a leak only when it names the flow: neither its node nor the whole check will do', () => {
    expect(isAbout(waiver({ wholeCheck: true }), leak)).toBe(false);
    expect(isAbout(waiver({ node: 'node1' }), { ...leak, node: 'node1' })).toBe(false);
    expect(isAbout(waiver({ wholeCheck: true }), { ...leak, leak: false })).toBe(true);
  });
});

test.each([
  waiver({ check: 'everything', wholeCheck: true }),
  waiver({}),
  waiver({ flow: FLOW, wholeCheck: true }),
  waiver({ flow: '*/*/*/*/*/*/*' }),
  waiver({ flow: '' }),
  { ...waiver({}), wholeCheck: false },
  waiver({ wholeCheck: true, owner: '' }),
  waiver({ wholeCheck: true, reason: 'no' }),
  waiver({ wholeCheck: true, expires: '2026-02-30' }),
  { ...waiver({ wholeCheck: true }), flows: '*' },
])('a waiver that says less or more than it must is refused: %o', (one) => {
  expect(WaiversSchema.safeParse({ waivers: [one] }).success).toBe(false);
});

test('one that says what it is about is read, and told in words', () => {
  const { waivers } = WaiversSchema.parse({ waivers: [waiver({ flow: FLOW, node: 'node1' }), waiver({ wholeCheck: true })] });
  expect(waivers.map(waiverSubject)).toEqual([`WIR-01, flow ${FLOW}, node node1`, 'WIR-01, the whole check']);
});
