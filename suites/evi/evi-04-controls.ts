import type { JudgementCheck } from '../../harness/judge/check.ts';
import { lastSeenRed } from '../../harness/judge/controls/seen-red.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import { addressOwners } from '../../harness/judge/wire/address-owners.ts';
import { readableFrames } from '../../harness/judge/wire/flow-evidence.ts';
import { treatmentOf } from '../../harness/judge/wire/treatment.ts';
import { wireView } from '../../harness/judge/wire/vantage-points.ts';

/** EVI-04: a check that was never seen red proves nothing when it is green. */
export const evi04: JudgementCheck = {
  id: 'EVI-04',
  must: 'Each check that supports was seen red by its control: in the control run on record, or in the un-encrypted phase of this recording',
  modes: ['ipsec', 'wireguard', 'tls', 'none'],
  evidence: 'the control run included in this version, the un-encrypted phase of this recording',
  subject: 'recording',
  needs: [],
  remedy: 'Run the controls and publish them: `wirewitness selftest --publish` in a checkout, then assess again.',
  judgeVerdicts(x, { checks, verdicts, controls }) {
    const { facts } = x;
    if (controls.run.seen.length === 0) return x.set('not-exercised', 'no control run is on record');
    if (verdicts.length === 0) x.gap('no other check was judged');
    const without: string[] = [];
    for (const { id } of verdicts.filter((v) => v.verdict === 'supports')) {
      const faults = controls.faultsOf(id);
      if (lastSeenRed(id, facts.manifest.intent.mode, controls.run) !== null) x.held();
      else if (checks.find((check) => check.id === id)?.clearPhaseIsControl === true && clearPhaseSawPlaintext(facts)) x.held();
      else if (faults.length > 0) x.gap(`${id} was never seen red; its controls are ${faults.join(', ')}`);
      else without.push(id);
    }
    x.note(`control run of ${controls.run.recordedAt}, wirewitness ${controls.run.toolVersion}`);
    if (without.length > 0) x.note(`no fault of the lab can turn ${without.join(', ')} red: their unit tests are their control`);
    return x.conclude('checks');
  },
};

/**
 * Whether the un-encrypted phase turned it red: complete captures of the wire show, between the ends of a flow that was sent and must be
 * encrypted, the canary of that flow.
 */
function clearPhaseSawPlaintext({ manifest, profile, wire }: Facts): boolean {
  const { cluster, intent, traffic } = manifest;
  const { captures, gaps } = wireView(
    wire.captures,
    'clear',
    cluster.nodes.map(({ name }) => name),
  );
  if (captures.length === 0 || gaps.length > 0) return false;
  const owners = addressOwners(cluster);
  return traffic
    .filter((flow) => flow.phase === 'clear' && flow.sent > 0 && treatmentOf(profile, intent, flow).treatment === 'encrypted')
    .some((flow) => readableFrames(captures, flow, manifest, owners) > 0);
}
