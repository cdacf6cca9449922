import { describe, expect, test } from 'vitest';
import { healthyReport, sampleReport } from '../../../reports/testdata/sample-report.ts';
import type { Report } from '../../model/report.ts';
import { compareReports } from './compare.ts';
import { diffExitCode } from './exit-code.ts';
import { diffText } from './text.ts';

const healthy = healthyReport();

function differ(current: Report, baseline: Report = healthy) {
  const comparison = compareReports(baseline, current);
  return { comparison, code: diffExitCode(comparison), text: diffText(comparison) };
}

function withFlow(change: Partial<Report['flows'][number]>): Report {
  return { ...healthy, flows: healthy.flows.map((flow) => (flow.id === 'pod-node1-node2-tcp-4' ? { ...flow, ...change } : flow)) };
}

describe('diff', () => {
  test('the same report differs in nothing and is accepted', () => {
    const { comparison, code } = differ(healthy);
    expect(comparison.differences).toEqual([]);
    expect(comparison.same).toEqual({ checks: healthy.verdicts.length, flows: healthy.flows.length });
    expect(code).toBe(0);
  });

  test('another run id, times and node names are no difference', () => {
    const { environment } = healthy;
    const nodes = environment.cluster.nodes.map((node) => ({ ...node, name: `other-${node.name}` }));
    const flows = healthy.flows.map((flow) => ({ ...flow, id: `node-node/icmp/ipv4/${environment.cluster.nodes[0]?.name}/${flow.id}` }));
    const renamed = flows.map((flow) => ({
      ...flow,
      id: flow.id.replace(`/${environment.cluster.nodes[0]?.name}/`, `/${nodes[0]?.name}/`),
    }));
    const current = {
      ...healthy,
      run: { ...healthy.run, id: 'x' },
      environment: { ...environment, cluster: { ...environment.cluster, nodes } },
      flows: renamed,
    };
    expect(differ(current, { ...healthy, flows }).comparison.differences).toEqual([]);
  });

  test('a fault: what turned red is worse and named, exit code 1', () => {
    const { comparison, code, text } = differ(sampleReport());
    expect(code).toBe(1);
    expect(comparison.differences[0]?.effect).toBe('worse');
    expect(text).toContain('pod-node1-node2-udp-4');
  });

  test('the way back is better, and never worse', () => {
    const { comparison } = differ(healthy, sampleReport());
    const flow = comparison.differences.find(({ name }) => name === 'pod-node1-node2-udp-4');
    expect(flow?.effect).toBe('better');
    expect(comparison.differences.filter(({ effect }) => effect === 'worse')).toEqual([]);
  });

  test('a flow that was encrypted and is clear by design now is worse, although every check supports', () => {
    const { code, text } = differ(withFlow({ treatment: 'clear-by-design', treatmentReason: 'opted out' }));
    expect(code).toBe(1);
    expect(text).toContain('flow pod-node1-node2-tcp-4: encrypted, supports -> clear-by-design, supports (opted out)');
  });

  test('a flow and a check that are gone are unclear: exit code 2', () => {
    expect(differ({ ...healthy, flows: healthy.flows.slice(1) }).code).toBe(2);
    expect(differ({ ...healthy, verdicts: healthy.verdicts.slice(1) }).code).toBe(2);
  });

  test('another claim is not comparable; another profile is what an upgrade is', () => {
    expect(differ({ ...healthy, intent: { ...healthy.intent, routing: 'native' } }).code).toBe(2);
    expect(differ({ ...healthy, intent: { ...healthy.intent, profile: '1.18' } }).code).toBe(0);
  });

  test('another algorithm needs a person; a missing inventory proves nothing', () => {
    const { crypto } = healthy;
    if (crypto === undefined) throw new TypeError('the sample has an inventory');
    const assets = crypto.assets.map((asset) =>
      !('algorithms' in asset) ? asset : { ...asset, algorithms: asset.algorithms.map((use) => ({ ...use, name: 'cbc(aes)' })) },
    );
    expect(differ({ ...healthy, crypto: { ...crypto, gaps: [], assets } }, { ...healthy, crypto: { ...crypto, gaps: [] } }).code).toBe(1);
    const { crypto: _, ...without } = healthy;
    expect(differ(without, { ...healthy, crypto: { ...crypto, gaps: [] } }).code).toBe(2);
  });

  test('keys that came and went are told without judgement', () => {
    const { crypto } = healthy;
    if (crypto === undefined) throw new TypeError('the sample has an inventory');
    const assets = crypto.assets.map((asset) =>
      asset.kind === 'ipsec-association' && asset.src === '10.0.1.1' && asset.dst === '10.0.2.1' ? { ...asset, spi: '0x00000004' } : asset,
    );
    const { code, text } = differ({ ...healthy, crypto: { ...crypto, assets } });
    expect(code).toBe(0);
    expect(text).toContain('Inventory of cryptography (no judgement): 2');
    expect(text).toContain('  + esp key 10.0.1.1 > 10.0.2.1 SPI 0x00000004');
    expect(text).toContain('  - esp key 10.0.1.1 > 10.0.2.1 SPI 0x00000003');
    expect(differ(healthy, healthy).text).not.toContain('Inventory');
  });

  test('a current report that is no support is not accepted, however bad the baseline was', () => {
    expect(differ(sampleReport(), sampleReport()).code).toBe(1);
  });
});
