import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHubbleFlows, withoutDetails } from './hubble-flows.ts';

/** `hubble observe -o jsonpb` of agent 1.20.2, WireGuard over VXLAN, one line of each kind. */
const REAL = readFileSync(new URL('testdata/hubble-1.20.2.jsonl', import.meta.url), 'utf8');

/** The same with `bpf.monitorAggregation=none`: lost events, and packets at the uplink. */
const UNAGGREGATED = readFileSync(new URL('testdata/hubble-1.20.2-unaggregated.jsonl', import.meta.url), 'utf8');

const line = (IP: object, l4: object, more: object = {}) => `${JSON.stringify({ flow: { IP, l4, ...more }, node_name: 'n' })}\n`;

test('every line of a real agent is understood; with monitor aggregation none of its flows has the flag', () => {
  const { items, unparsed } = decodeHubbleFlows(REAL);
  expect(unparsed).toEqual([]);
  // One drop has no addresses.
  expect(items).toHaveLength(17);
  expect(new Set(items.map(({ protocol }) => protocol))).toEqual(new Set(['tcp', 'udp', 'sctp', 'icmp', null]));
  expect(items.filter(({ encrypted }) => encrypted)).toEqual([]);
  expect(items[2]).toEqual({
    ...{ source: '10.244.1.178', destination: '10.244.1.201', protocol: 'tcp', sport: 35_008, dport: 4240 },
    ...{ encrypted: false, point: 'TO_ENDPOINT' },
  });
});

test('without aggregation the datagrams of WireGuard between the nodes have the flag', () => {
  const outer = { protocol: 'udp', sport: 51_871, dport: 51_871, encrypted: true };
  const [one, other] = ['192.168.77.11', '192.168.77.12'];
  const { items, unparsed } = decodeHubbleFlows(UNAGGREGATED);
  expect(unparsed).toEqual([]);
  expect(items).toEqual([
    { source: one, destination: other, ...outer, point: 'TO_NETWORK' },
    { source: other, destination: one, ...outer, point: 'FROM_NETWORK' },
  ]);
});

test('what the recorder keeps reads the same, and has no label, name or content', () => {
  const kept = withoutDetails(REAL);
  expect(decodeHubbleFlows(kept)).toEqual(decodeHubbleFlows(REAL));
  expect(kept).not.toMatch(/k8s|reserved|label|node_name|uuid|Summary/);
  const seven = `${JSON.stringify({ flow: { IP: { source: '10.0.1.1', destination: '10.0.2.2' }, l7: { http: { url: 'http://x/?token=secret' } } } })}\n`;
  expect(withoutDetails(seven)).not.toContain('secret');
});

test('a flow with the flag, with the address that the packet has after translation', () => {
  const text = line(
    { source: '10.0.1.1', source_xlated: '172.18.0.1', destination: '10.0.2.2', encrypted: true },
    { UDP: { source_port: 4000, destination_port: 9000 } },
    { trace_observation_point: 'TO_NETWORK' },
  );
  expect(decodeHubbleFlows(text).items).toEqual([
    { source: '172.18.0.1', destination: '10.0.2.2', protocol: 'udp', sport: 4000, dport: 9000, encrypted: true, point: 'TO_NETWORK' },
  ]);
});

test('messages that are no flow are none, and other lines are missed, also after the recorder', () => {
  for (const text of ['{"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":"7"}}\n', '{"node_status":{}}\n', '\n'])
    expect(decodeHubbleFlows(text)).toEqual({ items: [], unparsed: [] });
  for (const text of [
    'Nov 29 10:00:00.000: 10.0.1.1 -> 10.0.2.2\n',
    '{"flow":{"IP":{"source":7}}}\n',
    line({ source: 'a', destination: 'b' }, { TCP: { source_port: 70_000 } }),
    '[]\n',
  ])
    for (const each of [text, withoutDetails(text)]) expect(decodeHubbleFlows(each).unparsed).toHaveLength(1);
});

test('no text breaks it, and what is kept reads as what was printed', () => {
  const cut = fc.nat(REAL.length).map((at) => REAL.slice(at));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), cut), (text) => {
      const [before, after] = [decodeHubbleFlows(text), decodeHubbleFlows(withoutDetails(text))];
      expect(after.items).toEqual(before.items);
      expect(after.unparsed).toHaveLength(before.unparsed.length);
    }),
  );
});
