import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import type { CipherAccount } from '../../harness/judge/wire/capture-facts.ts';
import { cipherFamily } from '../../harness/judge/wire/cipher-family.ts';
import { nodePairsOf } from '../../harness/judge/wire/flow-index.ts';
import { cipherOf } from '../../harness/judge/wire/vantage-points.ts';
import type { TrafficRecord } from '../../harness/model/recording.ts';
import { encryptedFlows, expectProfile, expectWhole, judgedView } from '../wire-view.ts';

/** WIR-02: traffic that must be encrypted left its node as ciphertext, in both directions between the right nodes. */
export const wir02: Check = {
  id: 'WIR-02',
  must: 'Each flow that must be encrypted is matched by ciphertext between the right nodes, in both directions: absence of plaintext alone does not prove encryption',
  modes: ['ipsec', 'wireguard'],
  evidence: 'ESP or WireGuard data on the wire for each ordered pair of nodes',
  subject: 'wire',
  needs: ['capture'],
  clearPhaseIsControl: true,
  remedy:
    'If requests were answered without ciphertext, traffic took another way: look for it (`tcpdump -ni any host POD-ADDRESS` on the nodes) and at the other interfaces of the nodes. If they were not answered: check that ESP (IP protocol 50) or UDP port {wireguardPort} passes between the nodes (`tcpdump -ni DEVICE "esp or udp port {wireguardPort}"`), then record again.',
  judge(x) {
    const view = judgedView(x);
    const { intent } = x.facts.manifest;
    const kind = intent.mode === 'wireguard' ? 'wireguard' : 'esp';
    const expected = `${kind} frames in both directions of each pair of nodes with flows that must be encrypted`;
    const cipher = cipherOf(view);
    const familyOfFrame = cipherFamily(x.facts.profile, intent);
    x.observe(describePairs(cipher, familyOfFrame));
    expectProfile(x);
    expectWhole(x, view);
    const treated = new Set(encryptedFlows(x).flatMap((f) => (f.verdict === 'not-exercised' && f.answered === 0 ? [] : [f.id])));
    const driven = x.facts.manifest.traffic.filter((t) => t.phase === 'encrypted' && treated.has(t.id));
    if (driven.length === 0) x.gap('no flow that must be encrypted was driven');
    // What is missing in an incomplete view may have been there.
    if (!x.clean) return x.conclude('directions', expected);

    const frames = new Map<string, number>();
    for (const c of cipher) {
      const direction = directionOf(familyOfFrame?.(c) ?? null, c.from, c.to);
      if (c.kind === kind) frames.set(direction, (frames.get(direction) ?? 0) + c.proven);
    }
    const answered = answeredBy(x, driven, familyOfFrame !== null);
    for (const [direction, requests] of answered) {
      const seen = frames.get(direction);
      if (seen === undefined) x.fault(`requests were answered, but no ${kind} frame went ${direction}`);
      else if (seen < requests) x.gap(`${requests} answered requests but only ${seen} ${kind} frames between the beacons ${direction}`);
      else x.held();
    }
    for (const flow of driven) if (flow.answered === 0) x.gap(`no request of ${flow.id} was answered`, { flow: flow.id });
    if (answered.size === 0) x.gap('no flow that must be encrypted had to leave its node');
    return x.conclude('directions', expected);
  },
};

/** One account for each direction between two nodes, and for each family if the wire shows it. */
function directionOf(family: string | null, from: string | null, to: string | null): string {
  return `${family === null ? '' : `${family} `}${from} -> ${to}`;
}

/** Answered requests that must show as frames, by direction. */
function answeredBy(x: Examination, driven: readonly TrafficRecord[], byFamily: boolean): ReadonlyMap<string, number> {
  const answered = new Map<string, number>();
  for (const flow of driven) {
    if (flow.answered === 0) continue;
    const pairs = nodePairsOf(flow, x.facts.manifest.cluster);
    // It is not recorded which backend gave which answer, so a service's flow counts one frame for each backend.
    const share = pairs.length > 1 ? 1 : flow.answered;
    for (const [a, b] of pairs)
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        const direction = directionOf(byFamily ? flow.family : null, from, to);
        answered.set(direction, (answered.get(direction) ?? 0) + share);
      }
  }
  return answered;
}

function describePairs(cipher: readonly CipherAccount[], familyOfFrame: ReturnType<typeof cipherFamily>): string {
  const totals = new Map<string, number>();
  for (const c of cipher) {
    const key = `${c.kind} ${directionOf(familyOfFrame?.(c) ?? null, c.from ?? c.src, c.to ?? c.dst)}`;
    totals.set(key, (totals.get(key) ?? 0) + c.frames);
  }
  return totals.size === 0 ? 'no ciphertext' : [...totals].map(([key, n]) => `${key}: ${n}`).join(', ');
}
