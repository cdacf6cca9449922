import type { CellResult, CheckResult, SelftestReport } from '../../../harness/model/selftest.ts';
import { sampleIntent } from '../../../harness/testing/two-nodes.ts';

/** A matrix with one cell of every kind and state, and a check of every outcome. */
export function sampleSelftest(): SelftestReport {
  return {
    schema: 1,
    tool: { name: 'wirewitness', version: '0.9.0' },
    startedAt: '2026-11-21T10:00:00.000Z',
    seconds: 61.4,
    extent: 'quick',
    results: [
      result('H02 ipsec 1.18 vxlan', 'healthy', 'passed', [check('WIR-01', 'quiet', 'supports')]),
      result('L03 ipsec 1.18 vxlan', 'fault', 'passed', [
        check('XFR-06', 'caught', 'contradicts'),
        check('WIR-01', 'caught', 'contradicts'),
        check('WIR-11', 'implied', 'contradicts'),
        check('WIR-13', 'implied', 'inconclusive'),
        check('WGD-01', 'quiet', 'not-applicable'),
      ]),
      result('L04 ipsec 1.18 vxlan', 'fault', 'failed', [
        check('XFR-06', 'missed', 'supports'),
        check('PRE-05', 'false-alarm', 'inconclusive', 'node1 is 3 s | ahead <of> node2 "here"'),
        check('XXX-99', 'missed', null),
      ]),
      {
        ...result('L17 wireguard 1.18 vxlan', 'fault', 'broken', []),
        verdict: null,
        reason: 'the lab went away',
        rebooted: 'the lab went away',
      },
      { ...result('H19 recordings of real agents', 'recording', 'absent', []), verdict: null, reason: 'they are not on this machine' },
    ],
    checks: ['PRE-05', 'XFR-06', 'WGD-01', 'WIR-01', 'WIR-11', 'WIR-13'],
  };
}

function result(id: string, kind: CellResult['cell']['kind'], state: CellResult['state'], checks: readonly CheckResult[]): CellResult {
  const named = checks.filter(({ outcome }) => outcome === 'caught' || outcome === 'missed').map((one) => one.id);
  return {
    schema: 1,
    toolVersion: '0.9.0',
    cell: {
      id,
      subject: id.split(' ')[0]!,
      kind,
      what: `what is done in ${id}`,
      intent: sampleIntent(id.includes('wireguard') ? 'wireguard' : 'ipsec'),
      scenario: 'steady',
      nodes: 2,
      reddens: named,
      implies: [],
    },
    state,
    verdict: state === 'passed' && kind === 'healthy' ? 'supports' : 'contradicts',
    checks,
    reason: '',
    startedAt: '2026-11-21T10:00:01.000Z',
    seconds: 12.25,
    rebooted: '',
  };
}

function check(id: string, outcome: CheckResult['outcome'], verdict: CheckResult['verdict'], reason = `because of ${id}`): CheckResult {
  return { id, outcome, verdict, reason };
}
