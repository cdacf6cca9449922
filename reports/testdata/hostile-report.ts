import type { Report } from '../../harness/model/report.ts';
import { sampleReport } from './sample-report.ts';

/** Markup, terminal control, an XML-illegal character, a lone surrogate and a right-to-left override. */
const HOSTILE = '<script>alert("x")</script>&\'\u001b[2J\u0000\ud800\u202e]]>';

/** The sample with {@link HOSTILE} in every place that carries text from a cluster or a person. */
export function hostileReport(): Report {
  const report = sampleReport();
  const { cluster } = report.environment;
  return {
    ...report,
    run: { ...report.run, id: HOSTILE, fault: HOSTILE, note: HOSTILE },
    environment: {
      ...report.environment,
      cluster: {
        ...cluster,
        name: HOSTILE,
        nodes: cluster.nodes.map((node) => ({ ...node, name: HOSTILE + node.name })),
        versions: { [HOSTILE]: HOSTILE },
        capabilities: { [HOSTILE]: { available: false, reason: HOSTILE } },
      },
    },
    checks: report.checks.map((check) => ({ ...check, must: HOSTILE, remedy: HOSTILE, evidence: HOSTILE, controls: [HOSTILE] })),
    verdicts: report.verdicts.map((verdict) => ({
      ...verdict,
      facts: [{ text: HOSTILE, node: HOSTILE }],
      notes: [HOSTILE],
      expected: HOSTILE,
      observed: [HOSTILE],
      evidence: [HOSTILE, '../../etc/passwd', 'javascript:alert(1)'],
    })),
    flows: report.flows.map((flow) => ({
      ...flow,
      id: flow.id + HOSTILE,
      protocol: HOSTILE,
      source: { ...flow.source, name: HOSTILE },
      reason: HOSTILE,
    })),
    ledger: Object.fromEntries(Object.entries(report.ledger).map(([key, ledger]) => [key + HOSTILE, { ...ledger, file: HOSTILE }])),
    timeline: [{ at: report.run.startedAt, event: HOSTILE, detail: { [HOSTILE]: HOSTILE } }],
    limits: [HOSTILE],
  };
}
