import type { Ledger } from '../../harness/model/ledger.ts';
import type { Instant, JournalEvent } from '../../harness/model/recording.ts';
import type { FlowVerdict, Report } from '../../harness/model/report.ts';
import { sampleIntent } from '../../harness/testing/two-nodes.ts';
import { limitLines } from '../limits.ts';
import { SAMPLE_CHECKS } from './sample-checks.ts';
import { sampleCrypto } from './sample-crypto.ts';
import { healthyFlows } from './sample-flows.ts';

const START = Date.UTC(2026, 0, 2, 3, 4, 5);

/** An invented lab run of three nodes under IPsec in which one policy is missing: every verdict occurs once or more. */
export function sampleReport(): Report {
  const flows = healthyFlows().map((flow): FlowVerdict => {
    if (flow.id === 'pod-node1-node2-udp-4') {
      return { ...flow, verdict: 'contradicts', reason: '24 frames in the clear on the wire, canary found', clearFrames: 24 };
    }
    if (flow.id === 'pod-node3-node1-tcp-4') return { ...flow, verdict: 'inconclusive', reason: 'No answer arrived', answered: 0 };
    if (flow.id === 'pod-node2-node3-icmp-4')
      return { ...flow, verdict: 'not-exercised', reason: 'Not driven', sent: 0, answered: 0, controlFrames: 0 };
    return flow;
  });
  return assemble(flows, 'contradicts', 'L07', SAMPLE_CHECKS);
}

/** The same run with nothing wrong. */
export function healthyReport(): Report {
  const good = SAMPLE_CHECKS.filter((check) => check.verdict === 'supports' || check.verdict.startsWith('not-'));
  return assemble(healthyFlows(), 'supports', null, good);
}

function assemble(flows: FlowVerdict[], verdict: Report['verdict'], fault: string | null, checks: typeof SAMPLE_CHECKS): Report {
  const judged: Omit<Report, 'limits'> = {
    schema: 2,
    run: { id: '20260102-030405-ipsec', scenario: 'steady', fault, startedAt: at(0), endedAt: at(31_400), complete: true, note: '' },
    tool: { name: 'wirewitness', version: '0.1.0', node: 'v24.21.0' },
    intent: sampleIntent('ipsec', { profile: '1.16' }),
    environment: {
      class: 'lab',
      cluster: {
        name: 'lab',
        provider: 'lab',
        environmentClass: 'lab',
        nodes: [1, 2, 3].map((n) => ({
          name: `node${n}`,
          addresses: [`172.18.0.${n + 1}`],
          podCidrs: [`10.0.${n}.0/24`],
          internalAddresses: [`10.0.${n}.1`],
          uplink: 'eth0',
        })),
        pods: [],
        services: [],
        versions: { kernel: '6.12.48', cilium: '1.16.2 (stand-in)', tcpdump: '4.99.5', iproute2: '6.15.0' },
        capabilities: {
          'wire-tap': { available: true, reason: 'the bridge outside the node namespaces' },
          'agent-shell': { available: true, reason: 'agent stand-in' },
        },
      },
    },
    verdict,
    checks: checks.map(({ id, must, modes, needs, remedy, evidence: _paths, controls }) => ({
      id,
      must,
      modes,
      evidence: 'recorded outputs',
      needs,
      remedy,
      controls,
    })),
    verdicts: checks.map(({ id, verdict: outcome, facts, omitted, notes, expected, observed, evidence }) => ({
      id,
      verdict: outcome,
      facts,
      omitted,
      notes,
      expected,
      observed,
      evidence,
    })),
    flows,
    ledger: {
      'clear/wire/-/br0': { ...ledger(412, 61_240, 0, 388), file: 'captures/clear/wire.pcap', phase: 'clear', vantage: 'wire' },
      'encrypted/wire/-/br0': {
        ...ledger(1_284, 214_906, 1_228, fault === null ? 0 : 24),
        file: 'captures/encrypted/wire.pcap',
        phase: 'encrypted',
        vantage: 'wire',
      },
      'encrypted/nic/node1/eth0': {
        ...ledger(856, 143_270, 818, fault === null ? 0 : 24),
        file: 'captures/encrypted/node1-eth0.pcap',
        phase: 'encrypted',
        vantage: 'nic',
      },
    },
    timeline: TIMELINE,
    crypto: sampleCrypto(),
  };
  return { ...judged, limits: limitLines(judged) };
}

function ledger(frames: number, wireBytes: number, esp: number, clear: number): Ledger {
  const control = frames - esp - clear;
  const pairs = [1, 2, 3].flatMap((a) => [1, 2, 3].filter((b) => b !== a).map((b) => [a, b] as const));
  const bytes = (count: number) => Math.round((wireBytes * count) / frames);
  return {
    format: 'pcap',
    frames,
    bytes: wireBytes,
    wireBytes,
    truncatedTail: false,
    classes: {
      ...(esp > 0 ? { esp: { frames: esp, bytes: bytes(esp) } } : {}),
      ...(clear > 0 ? { clear: { frames: clear, bytes: bytes(clear) } } : {}),
      control: { frames: control, bytes: wireBytes - bytes(esp) - bytes(clear) },
    },
    esp:
      esp === 0
        ? []
        : pairs.map(([a, b]) => ({
            src: `172.18.0.${a + 1}`,
            dst: `172.18.0.${b + 1}`,
            spi: '0x00000003',
            frames: Math.floor(esp / 6),
            firstSeq: 1,
            lastSeq: Math.floor(esp / 6),
            duplicates: 0,
          })),
    wireguard: [],
    flows: [],
  };
}

function at(ms: number): Instant {
  return { utc: new Date(START + ms).toISOString(), monotonicMs: ms };
}

const TIMELINE: readonly JournalEvent[] = [
  { at: at(0), event: 'run-started', detail: { scenario: 'steady' } },
  { at: at(210), event: 'capture-ready', detail: { phase: 'clear', vantage: 'wire', interface: 'br0' } },
  { at: at(1_320), event: 'traffic-started', detail: { phase: 'clear', flows: 36 } },
  { at: at(6_940), event: 'traffic-ended', detail: { phase: 'clear', answered: 396, sent: 396 } },
  { at: at(8_105), event: 'capture-stopped', detail: { phase: 'clear', vantage: 'wire', captured: 412, droppedByKernel: 0 } },
  { at: at(9_870), event: 'encryption-enabled', detail: { mode: 'ipsec', keyId: 3 } },
  { at: at(12_410), event: 'snapshot', detail: { name: 'before', commands: 51 } },
  { at: at(14_002), event: 'capture-ready', detail: { phase: 'encrypted', vantage: 'wire', interface: 'br0' } },
  { at: at(15_115), event: 'traffic-started', detail: { phase: 'encrypted', flows: 36 } },
  { at: at(24_733), event: 'traffic-ended', detail: { phase: 'encrypted', answered: 384, sent: 396 } },
  { at: at(26_301), event: 'capture-stopped', detail: { phase: 'encrypted', vantage: 'wire', captured: 1284, droppedByKernel: 0 } },
  { at: at(30_880), event: 'snapshot', detail: { name: 'after', commands: 51 } },
  { at: at(31_400), event: 'run-ended', detail: {} },
];
