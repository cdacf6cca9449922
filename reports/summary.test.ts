import { describe, expect, test } from 'vitest';
import type { EnvironmentClass } from '../harness/model/cluster.ts';
import type { CheckSubject } from '../harness/model/report.ts';
import { plainFinding } from '../harness/model/verdict.ts';
import { writeHtml } from './html/page.ts';
import { limitLines } from './limits.ts';
import { claimSentence, effectiveVerdict, verdictSentence, worstVerdict } from './summary.ts';
import { healthyReport, sampleReport } from './testdata/sample-report.ts';

describe('worstVerdict', () => {
  test.each([
    [[], 'inconclusive'],
    [['not-exercised', 'not-applicable'], 'inconclusive'],
    [['supports', 'not-exercised'], 'supports'],
    [['supports', 'inconclusive'], 'inconclusive'],
    [['inconclusive', 'contradicts', 'supports'], 'contradicts'],
  ] as const)('%j is %s', (verdicts, worst) => {
    expect(worstVerdict(verdicts)).toBe(worst);
  });
});

describe('effectiveVerdict fails closed', () => {
  const report = healthyReport();
  test('all well', () => expect(effectiveVerdict(report)).toBe('supports'));
  test('interrupted', () => expect(effectiveVerdict({ ...report, run: { ...report.run, complete: false } })).toBe('inconclusive'));
  test('a stated check without a verdict', () =>
    expect(effectiveVerdict({ ...report, verdicts: report.verdicts.slice(1) })).toBe('inconclusive'));
  test('no check at all', () => expect(effectiveVerdict({ ...report, checks: [], verdicts: [] })).toBe('inconclusive'));
  test('a flow that contradicts', () => expect(effectiveVerdict({ ...report, flows: sampleReport().flows })).toBe('contradicts'));
});

describe.each<EnvironmentClass>(['lab', 'ephemeral-test', 'pre-production', 'production-readonly'])('%s', (environmentClass) => {
  const report = healthyReport();
  const placed = { ...report, environment: { ...report.environment, class: environmentClass } };

  test('neither sentence nor limits speak of compliance', () => {
    expect([verdictSentence(placed), ...limitLines(placed)].join(' ')).not.toMatch(/complian|certif|guarantee/i);
  });

  test('says what is shown and what is not', () => {
    expect(limitLines(placed).some((line) => line.startsWith('Shown:'))).toBe(true);
    expect(limitLines(placed).some((line) => line.startsWith('Not shown:'))).toBe(true);
  });
});

test('the lab says that Cilium did not lay it out', () => {
  const report = healthyReport();
  expect(verdictSentence(report)).toContain('in the lab: a real kernel, set up as Cilium does it and not by Cilium');
  const mesh = verdictSentence({ ...report, intent: { ...report.intent, stack: 'mesh-tls' } });
  expect(mesh).toContain('in the lab: a TLS mesh on a real kernel');
});

test('limits name what was not exercised, clear by design, injected, cut short, or without an outside tap', () => {
  const report = sampleReport();
  const lines = limitLines({ ...report, run: { ...report.run, complete: false, note: 'SIGINT' }, ledger: {} }).join('\n');
  expect(lines).toContain('Not exercised in this run: WIR-10.');
  expect(lines).toContain('Flows not exercised: 1 of 36');
  expect(lines).toContain('Flows clear by design under this intent: 15 of 36');
  expect(lines).toContain('Fault L07 was injected on purpose');
  expect(lines).toContain('The recording is incomplete: SIGINT.');
  expect(lines).toContain('Nothing is said of IPv6: the claim does not cover it.');
  expect(lines).toContain('There was no un-encrypted phase');
  expect(lines).toContain('No capture was taken outside the nodes');
});

test('limits say that captures with an earlier filter left out short datagrams', () => {
  const report = sampleReport();
  expect(limitLines(report).join('\n')).not.toContain('earlier version');
  const ledger = Object.fromEntries(Object.entries(report.ledger).map(([key, own]) => [key, { ...own, leavesOutShort: true as const }]));
  expect(limitLines({ ...report, ledger }).join('\n')).toContain('datagrams of fewer than 32 bytes');
});

test('limits say what a sample of the pairs shows, in place of each pair that it left out', () => {
  const report = sampleReport();
  const claim = { population: 6, sampled: 3, proven: 2, clear: 0, rounds: 2, confidence: 0.95, limit: 0.7765 };
  const sample = { partners: 1, seed: '0f'.repeat(16), round: 0, ...claim };
  const lines = limitLines({ ...report, sample, flows: report.flows.filter((flow) => flow.source.node !== 'node3') }).join('\n');
  expect(lines).toContain('Only a sample of the ordered pairs of nodes was driven: 0 clear in 2 sampled of 6 ordered pairs of nodes');
  expect(lines).toContain('fewer than 78 % of the pairs are clear');
  expect(lines).not.toContain('that no judged flow crossed');
});

test('the headline of a sample claims the pairs that were driven, not all', () => {
  const drawn = { ...{ partners: 1, seed: '0f'.repeat(16), round: 0, population: 12, sampled: 4, proven: 4, clear: 0 }, rounds: 3 };
  const sampled = claimSentence({ ...healthyReport(), sample: { ...drawn, confidence: 0.95, limit: 0.53 } });
  expect(sampled).toContain('encrypts the pod traffic of 4 sampled of the 12 ordered pairs of the ');
  expect(claimSentence(healthyReport())).toContain('encrypts the pod traffic between the ');
});

test('limits name the pairs of nodes that no judged flow crossed', () => {
  const report = healthyReport();
  expect(limitLines(report).join('\n')).not.toContain('Ordered pairs');
  const lines = limitLines({ ...report, flows: report.flows.filter((flow) => flow.source.node !== 'node3') });
  expect(lines).toContain(
    'Ordered pairs of nodes that no judged flow crossed: 2 of 6 (node3 to node1, node3 to node2); nothing is shown of them.',
  );
});

test('limits name a family that was claimed and not driven', () => {
  const report = healthyReport();
  const lines = limitLines({ ...report, intent: { ...report.intent, families: ['ipv4', 'ipv6'] } });
  expect(lines).toContain('No IPv6 traffic was driven, though the claim covers it.');
});

describe('the headline tells what is red', () => {
  const healthy = healthyReport();
  const [sample] = healthy.checks;
  const redBy = (...subjects: readonly (CheckSubject | undefined)[]): string =>
    verdictSentence({
      ...healthy,
      checks: subjects.map((subject, n) => ({ ...sample!, id: `ZZZ-0${n}`, ...(subject === undefined ? {} : { subject }) })),
      verdicts: subjects.map((_, n) => ({ ...plainFinding('contradicts', 'x', ''), id: `ZZZ-0${n}` })),
    });

  test('plaintext', () =>
    expect(redBy('plaintext', 'loss')).toMatch(/^The evidence contradicts the claim that .*: plaintext was seen\. 2 of 2/));
  test('readable frames of a flow are plaintext whatever the checks say', () =>
    expect(verdictSentence({ ...healthy, flows: sampleReport().flows })).toMatch(/plaintext was seen/));
  test('the wire without plaintext', () =>
    expect(redBy('wire', undefined)).toMatch(
      /^The evidence contradicts the claim .*: no plaintext was seen, and the wire does not show what is claimed \(ZZZ-00\), and the state of the cluster/,
    ));
  test('the cluster declares something else', () => {
    expect(redBy('claim', 'wire')).toMatch(
      /^The cluster declares something else than was claimed \(ZZZ-00\), and the wire does not show what is claimed \(ZZZ-01\)\. For instance x\. No plaintext was seen; the claim was/,
    );
    expect(redBy('plaintext', 'claim')).toMatch(/: plaintext was seen\. The cluster declares something else than was claimed: x\. /);
  });
  test('state', () =>
    expect(redBy(undefined)).toMatch(/^The state of the cluster is not as it must be \(ZZZ-00\)\. No plaintext was seen; the claim was/));
  test('loss', () => expect(redBy('loss')).toMatch(/^Requests were lost \(ZZZ-00\)\. No plaintext was seen/));
  test('the recording', () => expect(redBy('recording')).toMatch(/^The recording itself is not in order \(ZZZ-00\)\. No plaintext/));
  test('not proven', () =>
    expect(verdictSentence({ ...healthy, run: { ...healthy.run, complete: false } })).toMatch(/^Not proven: the evidence is inconclusive/));
});

describe('a node that nobody tested', () => {
  const report = healthyReport();
  const cluster = report.environment.cluster;
  const bare = { ...cluster, nodes: [...cluster.nodes, { ...cluster.nodes[0]!, name: 'node4' }] };
  const untested = { ...report, environment: { ...report.environment, cluster: bare } };

  test('is named, and the claim is not supported for it', () => {
    expect(effectiveVerdict(untested)).toBe('inconclusive');
    expect(claimSentence(untested)).toMatch(/^Not proven: .*between the 4 nodes, of which node4 was not tested, of “lab”/);
    expect(writeHtml({ report: untested })).toContain('<dt>Not tested</dt><dd>node4: no traffic of a test pod began or ended there</dd>');
  });

  test('is named with the reason where it takes no pods', () => {
    const nodes = bare.nodes.map((node) => (node.name === 'node4' ? { ...node, unreached: 'NotReady: it is off' } : node));
    const unreached = { ...untested, environment: { ...untested.environment, cluster: { ...bare, nodes } } };
    expect(effectiveVerdict(unreached)).toBe('inconclusive');
    expect(writeHtml({ report: unreached })).toContain('<dt>Not tested</dt><dd>node4: NotReady: it is off</dd>');
  });

  test('is one that only called a service, was pinged or kept its traffic to itself', () => {
    const own = report.flows.filter(({ source, destination }) => source.node !== 'node3' && destination.node !== 'node3');
    const calls = report.flows.filter(({ path }) => path !== 'pod-pod');
    expect(claimSentence({ ...report, flows: [...own, ...calls] })).toContain('of which node3 was not tested');
  });

  test('is any where no flow was driven', () => {
    expect(claimSentence({ ...report, flows: [] })).toContain('between the 3 nodes, none of which was tested, of “lab”');
  });
});

test('the limits of TLS are those of a mesh: it protects traffic of one node, and TCP alone', () => {
  const report = sampleReport();
  const environment = { ...report.environment, class: 'lab' as const };
  const lines = limitLines({ ...report, environment, intent: { ...report.intent, mode: 'tls' } }).join('\n');
  expect(lines).not.toContain('traffic that stays on one node');
  expect(lines).toContain('no UDP and no ICMP');
  expect(lines).toContain('real TLS library');
  expect(limitLines({ ...report, environment }).join('\n')).toContain('traffic that stays on one node');
});
