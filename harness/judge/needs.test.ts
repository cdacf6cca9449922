import { describe, expect, test } from 'vitest';
import { catalogue } from '../../suites/catalogue.ts';
import type { Capability, ClusterDescription } from '../model/cluster.ts';
import { clearPing, espFrame, wireguardFrame } from '../testing/node-frames.ts';
import { buildRecording, flow } from '../testing/recording.ts';
import { twoNodes } from '../testing/two-nodes.ts';
import { judge } from './judge.ts';
import { buildReport } from './report.ts';

const none: Capability = { available: false, reason: 'the agents run outside pods' };

async function verdictsOf(capabilities: ClusterDescription['capabilities'], frames = [espFrame('out', 1), espFrame('back', 1)], more = {}) {
  const traffic = frames.length === 0 ? [] : [flow('encrypted', 'cd'.repeat(16))];
  const captures = frames.length === 0 ? [] : [{ phase: 'encrypted' as const, frames, ...more }];
  const recording = buildRecording({ cluster: { ...twoNodes, capabilities }, captures, traffic });
  const judgement = await judge(recording, catalogue);
  const { verdicts } = judgement;
  const report = await buildReport(recording, catalogue, judgement);
  return { of: (id: string) => verdicts.find((verdict) => verdict.id === id), overall: report.verdict };
}

describe('a cluster that cannot give some evidence', () => {
  test('declares it: checks of the agents are not exercised, with the reason', async () => {
    const { of } = await verdictsOf({ 'agent-shell': none });
    expect(of('PRE-03')).toMatchObject({
      verdict: 'not-exercised',
      facts: [{ text: 'this cluster does not provide agent-shell: the agents run outside pods' }],
    });
  });

  test('does not declare it: the same checks are inconclusive', async () => {
    expect((await verdictsOf({})).of('PRE-03')?.verdict).toBe('inconclusive');
    expect((await verdictsOf({ 'agent-shell': { available: true, reason: 'by exec' } })).of('PRE-03')?.verdict).toBe('inconclusive');
  });

  test('has no CiliumNode objects: what compares with published keys is not exercised, and only that', async () => {
    const lacking = { 'node-objects': { available: false, reason: 'the API server has no CiliumNode object' } };
    const recording = buildRecording({
      intent: { mode: 'wireguard' },
      cluster: { ...twoNodes, capabilities: lacking },
      captures: [{ phase: 'encrypted', frames: [wireguardFrame('out', 1)] }],
      traffic: [flow('encrypted', 'cd'.repeat(16))],
    });
    const { verdicts } = await judge(recording, catalogue);
    const of = (id: string) => verdicts.find((verdict) => verdict.id === id)?.verdict;
    expect(of('WGD-03')).toBe('not-exercised');
    expect(of('WGD-01')).toBe('inconclusive');
  });

  test('captures that were taken and are damaged stay inconclusive, whatever is declared', async () => {
    const { of } = await verdictsOf({ capture: none }, [espFrame('out', 1)], { cut: 3 });
    expect(of('WIR-01')?.verdict).toBe('inconclusive');
  });

  test('what contradicts, contradicts, whatever is declared', async () => {
    const { of } = await verdictsOf({ capture: none }, [clearPing(8, 'cd'.repeat(16))]);
    expect(of('WIR-01')?.verdict).toBe('contradicts');
  });

  test('without traffic nothing shows that the claim is so: inconclusive, though no check says so', async () => {
    const { of, overall } = await verdictsOf({ capture: none, 'agent-shell': none, 'host-shell': none }, []);
    expect(of('WIR-01')?.verdict).toBe('not-exercised');
    expect(overall).toBe('inconclusive');
  });
});
