import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../suites/catalogue.ts';
import type { Recording } from '../../model/recording.ts';
import { clusterOf, intentOf } from '../../testing/cilium-cluster.ts';
import { agentOutputs } from '../../testing/cilium-commands.ts';
import { ciliumFixtureFolders, ciliumFixtures } from '../../testing/cilium-fixture.ts';
import { buildRecording, type OutputParts } from '../../testing/recording.ts';
import { checkOf, judgeState } from '../../testing/sample-judge.ts';

const ABSENT = 'the recordings of real agents are not beside the project';
const checks = ['PRE', 'CFG', 'XFR', 'RUL', 'WGD'].flatMap(checksOf).filter((check) => 'judge' in check);
const folders = ciliumFixtureFolders().map((folder) => basename(folder));

/** What an agent's node said once, as the snapshots before and after the traffic; nothing else was recorded. */
function stateOf(name: string, change: (output: OutputParts) => OutputParts = (o) => o): Recording {
  const folder = join(ciliumFixtures, name);
  const outputs = agentOutputs(folder).map(({ at: _unknown, ...output }) => change(output));
  return buildRecording({
    intent: intentOf(folder),
    cluster: { ...clusterOf(folder), pods: [] },
    outputs: (['before', 'after'] as const).flatMap((snapshot) => outputs.map((output) => ({ ...output, snapshot }))),
  });
}

test('the recordings are there', (ctx) => {
  ctx.skip(folders.length === 0, ABSENT);
  expect(folders.length).toBeGreaterThanOrEqual(7);
});

/** Only node1 was recorded: what needs the peer is inconclusive, and these are the checks that its half alone can support. */
const ONE_NODE = new Set(['PRE-06', 'CFG-08', 'XFR-04', 'CFG-02', 'CFG-03', 'CFG-04', 'WGD-05', 'WGD-06', 'XFR-09']);

describe.each(folders)('healthy agent %s', (name) => {
  const recording = stateOf(name);
  for (const check of checks.filter((c) => c.modes.includes(recording.manifest.intent.mode)))
    test(`${check.id} does not contradict`, async () => {
      const finding = await judgeState(recording, check);
      expect(finding.verdict, `${finding.reason}\nexpected: ${finding.expected}`).not.toBe('contradicts');
      if (finding.verdict === 'inconclusive')
        expect(finding.reason, 'only what was not recorded may be missing').not.toMatch(
          /not understood|node1 \S+: (?!clock|uname|ip-route-get|no log was recorded)/,
        );
      else if (!ONE_NODE.has(check.id)) expect(finding.verdict, finding.reason).not.toBe('supports');
    });
});

test('out policies deleted on a real agent (1.18.3): XFR-06 and XFR-07 contradict', async (ctx) => {
  const name = 'v1.18.3-ipsec-vxlan';
  ctx.skip(!folders.includes(name), ABSENT);
  const recording = stateOf(name, (o) => (o.collector === 'xfrm-policy' ? { ...o, stdout: withoutOut(o.stdout) } : o));
  for (const id of ['XFR-06', 'XFR-07']) expect((await judgeState(recording, checkOf(checks, id))).verdict, id).toBe('contradicts');
});

function withoutOut(text: string): string {
  return text
    .split(/^(?=src )/m)
    .filter((policy) => !policy.includes('dir out'))
    .join('');
}
