import { expect, test } from 'vitest';
import type { TrafficRecord } from '../../model/recording.ts';
import type { Datum, NodeState } from '../state/node-state.ts';
import type { StateFacts } from '../state/state-facts.ts';
import type { CaptureFacts } from './capture-facts.ts';
import { explainUnanswered } from './unanswered.ts';

const end = (node: string) => ({ name: `demo/${node}`, kind: 'pod' as const, node, address: '10.0.0.1' });
const flow = { id: 'f', phase: 'encrypted', source: end('node1'), destination: end('node2') } as unknown as TrafficRecord;
const known = <T>(value: T): Datum<T> => ({ ok: true, value, evidence: [], commands: [] });
const missing: Datum<never> = { ok: false, reason: 'x', absent: true, evidence: [] };

type Read = Pick<NodeState, 'drops' | 'xfrmStat' | 'ipStat'>;
const read = (node: string, snapshot: 'before' | 'after', part: Partial<Read>) =>
  ({ node, snapshot, drops: missing, xfrmStat: missing, ipStat: missing, ...part }) as unknown as NodeState;
const stateOf = (...nodes: readonly NodeState[]): StateFacts => ({
  nodes,
  api: [],
  keyPatterns: { ok: false, reason: '', absent: true, evidence: [] },
});
const capture = (node: string, vantage: string, seen: boolean): CaptureFacts =>
  ({
    complete: true,
    record: { phase: 'encrypted', node, vantage, interface: `${vantage}-${node}` },
    canaries: seen ? [{ flows: ['f'] }] : [],
  }) as unknown as CaptureFacts;

test('names the counters of lost packets that grew, and no others', () => {
  const drop = (packets: number) => known([{ reason: 'Invalid packet', direction: 'EGRESS', packets }]);
  const ip = (fails: number, receives: number) =>
    known([
      { name: 'IpReasmFails', value: fails },
      { name: 'IpInReceives', value: receives },
    ]);
  const told = explainUnanswered(
    flow,
    stateOf(
      read('node1', 'before', { drops: drop(27), xfrmStat: known([{ name: 'XfrmOutPolBlock', value: 1 }]) }),
      read('node1', 'after', { drops: drop(31), xfrmStat: known([{ name: 'XfrmOutPolBlock', value: 1 }]) }),
      read('node2', 'before', { ipStat: ip(0, 10) }),
      read('node2', 'after', { ipStat: ip(3, 500) }),
    ),
    [],
  );
  expect(told).toBe('; counters that grew meanwhile: node1 dropped by the programs: Invalid packet (EGRESS) by 4, node2 IpReasmFails by 3');
});

test('says that none grew only where counters were read twice', () => {
  const none = known([]);
  expect(explainUnanswered(flow, stateOf(read('node1', 'before', { drops: none }), read('node1', 'after', { drops: none })), [])).toBe(
    '; meanwhile no counter of lost packets grew',
  );
  expect(explainUnanswered(flow, stateOf(read('node1', 'before', { drops: none })), [])).toBe('');
  expect(explainUnanswered(flow, null, [])).toBe('');
});

test('says how far the request came, by what the nodes themselves showed', () => {
  const captures = [
    capture('node1', 'pod', true),
    capture('node1', 'nic', false),
    capture('node2', 'pod', false),
    capture('node3', 'pod', true),
  ];
  expect(explainUnanswered(flow, null, captures)).toBe('; on node1 it was seen at pod-node1, on node2 it was seen nowhere');
});
