import type { RecordingManifest } from '../model/recording.ts';
import type { CheckVerdict } from '../model/verdict.ts';
import type { Facts } from './facts.ts';

/** What a report of this recording does not prove, one sentence each. */
export function limitsOf(manifest: RecordingManifest, verdicts: readonly CheckVerdict[], facts: Facts): readonly string[] {
  const limits: string[] = [];
  if (manifest.cluster.environmentClass === 'lab')
    limits.push(
      'The cluster is the lab: a real Linux kernel does ESP, WireGuard and VXLAN, but Cilium’s control plane is a stand-in. Nothing here speaks of another cluster.',
    );
  limits.push('The verdicts hold for the driven flows during the recorded window, not for other traffic or other times.');
  if (!facts.wire.captures.some((c) => c.record.vantage === 'wire'))
    limits.push('No capture was taken outside the nodes: a node that hides traffic from its own tcpdump would not be noticed.');
  if (!facts.wire.captures.some((c) => c.record.phase === 'clear'))
    limits.push('There was no un-encrypted phase: that a canary would be seen in the clear rests on the captures inside the nodes alone.');
  if (manifest.run.fault !== null) limits.push(`The fault ${manifest.run.fault} was injected on purpose.`);
  if (!manifest.run.complete) limits.push(`The run did not complete: ${manifest.run.note}`);
  for (const family of ['ipv4', 'ipv6'] as const)
    if (!manifest.intent.families.includes(family)) limits.push(`Nothing is said of ${family}: the intent does not claim it.`);
  for (const verdict of verdicts)
    if (verdict.verdict === 'not-exercised') limits.push(`${verdict.id} was not exercised: ${verdict.reason}`);
  return limits;
}
