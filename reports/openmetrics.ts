import { DEFAULT_STACK } from '../harness/model/intent.ts';
import type { EspAccount } from '../harness/model/ledger.ts';
import type { FlowVerdict, Report } from '../harness/model/report.ts';
import { verdictSchema } from '../harness/model/verdict.ts';
import { type Labels, type MetricFamily, metricsText, seconds, states } from './metrics-text.ts';
import { effectiveVerdict } from './summary.ts';
import { tallyOf } from './tally.ts';
import { topicsOf } from './topics.ts';

/** Sequence numbers on the wire have 32 bits; with ESN the upper 32 are not sent (RFC 4303, section 2.2.1). */
const SEQUENCE_NUMBERS = 2 ** 32;

/**
 * OpenMetrics text of a run, for the textfile collector of node_exporter or a push gateway.
 * Every sample has labels for cluster and mode, so that the files of both modes can be in one folder. The reader computes ages: `time() -
 * wirewitness_run_end_timestamp_seconds`.
 */
export function writeOpenMetrics(report: Report): string {
  const common = { cluster: report.environment.cluster.name, mode: report.intent.mode };
  const families = [
    ...runFamilies(report),
    ...verdictFamilies(report),
    ...flowFamilies(report),
    ...wireFamilies(report),
    ...keyFamilies(report),
  ];
  return metricsText(families, common);
}

function runFamilies({ run, tool, intent, environment }: Report): MetricFamily[] {
  const about = {
    run: run.id,
    scenario: run.scenario,
    fault: run.fault ?? '',
    stack: intent.stack ?? DEFAULT_STACK,
    profile: intent.profile,
    routing: intent.routing,
    environment: environment.class,
    version: tool.version,
  };
  const time = (what: 'start' | 'end', utc: string): MetricFamily => ({
    name: `wirewitness_run_${what}_timestamp_seconds`,
    type: 'gauge',
    unit: 'seconds',
    help: `When the recording ${what === 'start' ? 'began' : 'ended'}, seconds since 1970`,
    samples: Number.isNaN(seconds(utc)) ? [] : [[{}, seconds(utc)]],
  });
  return [
    { name: 'wirewitness_run', type: 'info', help: 'What was claimed and run', samples: [[about, 1]] },
    {
      name: 'wirewitness_run_complete',
      type: 'gauge',
      help: '1 when the recording was not interrupted',
      samples: [[{}, run.complete ? 1 : 0]],
    },
    time('start', run.startedAt.utc),
    time('end', run.endedAt.utc),
  ];
}

function verdictFamilies(report: Report): MetricFamily[] {
  const rows = topicsOf(report).flatMap((topic) => topic.rows);
  const { verdicts } = tallyOf(report);
  const [overall, check] = ['wirewitness_verdict', 'wirewitness_check_verdict'];
  return [
    { name: overall, type: 'stateset', help: 'What the evidence says of the claim', samples: states(overall, effectiveVerdict(report)) },
    {
      name: 'wirewitness_checks',
      type: 'gauge',
      help: 'Checks by verdict',
      samples: Object.entries(verdicts).map(([verdict, count]) => [{ verdict }, count] as const),
    },
    {
      name: check,
      type: 'stateset',
      help: 'What the evidence says of one check',
      samples: rows.flatMap(({ finding }) => states(check, finding.verdict, { check: finding.id })),
    },
  ];
}

function flowFamilies({ flows }: Report): MetricFamily[] {
  const groups = [...Map.groupBy(flows, ({ path, treatment }) => JSON.stringify({ path, treatment }))].map(
    ([key, own]): [Labels, readonly FlowVerdict[]] => [JSON.parse(key) as Labels, own],
  );
  const sum = (count: (flow: FlowVerdict) => number) =>
    groups.map(([labels, own]) => [labels, own.reduce((total, flow) => total + count(flow), 0)] as const);
  return [
    {
      name: 'wirewitness_flows',
      type: 'gauge',
      help: 'Flows by path, by what must happen to them, and by verdict',
      samples: groups.flatMap(([labels, own]) =>
        verdictSchema.options.map((verdict) => [{ ...labels, verdict }, own.filter((flow) => flow.verdict === verdict).length] as const),
      ),
    },
    {
      name: 'wirewitness_clear_frames',
      type: 'gauge',
      help: 'Frames of driven flows that were readable on the wire in the judged phase; of treatment encrypted it must be 0',
      samples: sum((flow) => flow.clearFrames),
    },
    { name: 'wirewitness_requests_sent', type: 'gauge', help: 'Requests that were sent', samples: sum((flow) => flow.sent) },
    { name: 'wirewitness_requests_answered', type: 'gauge', help: 'Requests that were answered', samples: sum((flow) => flow.answered) },
  ];
}

/** Each SA with its last sequence number at any capture of the judged phase. */
function lastSequences({ ledger }: Report): ReadonlyMap<string, EspAccount> {
  const found = new Map<string, EspAccount>();
  for (const { phase, esp } of Object.values(ledger)) {
    if (phase === 'clear') continue;
    for (const account of esp) {
      const key = [account.src, account.dst, account.spi].join(' ');
      if ((found.get(key)?.lastSeq ?? -1) < account.lastSeq) found.set(key, account);
    }
  }
  return found;
}

function wireFamilies(report: Report): MetricFamily[] {
  const captures = Object.values(report.ledger).filter(
    ({ phase, vantage }) => phase !== 'clear' && (vantage === 'wire' || vantage === 'nic'),
  );
  const byClass = new Map<string, [Labels, number]>();
  for (const { phase, vantage, classes } of captures)
    for (const [name, { frames }] of Object.entries(classes)) {
      const labels = { phase, vantage, class: name };
      const key = JSON.stringify(labels);
      byClass.set(key, [labels, (byClass.get(key)?.[1] ?? 0) + frames]);
    }
  const esn = new Map(
    (report.crypto?.assets ?? []).flatMap((asset) =>
      asset.kind === 'ipsec-association' ? [[[asset.src, asset.dst, asset.spi].join(' '), asset.esn] as const] : [],
    ),
  );
  const sequences = [...lastSequences(report)].map(([key, account]) => ({ account, esn: esn.get(key) }));
  const labelsOf = ({ src, dst, spi }: EspAccount): Labels => ({ src, dst, spi });
  return [
    {
      name: 'wirewitness_wire_frames',
      type: 'gauge',
      help: 'Frames between the nodes by class, outside of the un-encrypted phase; nodes see a frame each',
      samples: [...byClass.values()],
    },
    {
      name: 'wirewitness_sa_last_sequence',
      type: 'gauge',
      help: 'Last sequence number of an SA on the wire: the lower 32 bits',
      samples: sequences.map(({ account, esn: extended }) => [
        { ...labelsOf(account), esn: extended === undefined ? 'unknown' : String(extended) },
        account.lastSeq,
      ]),
    },
    {
      name: 'wirewitness_sa_sequence_headroom_ratio',
      type: 'gauge',
      unit: 'ratio',
      help: 'Share of the sequence numbers of an SA without ESN that is left; traffic stops at 0. With ESN they do not run out',
      samples: sequences
        .filter(({ esn: extended }) => extended === false)
        .map(({ account }) => [labelsOf(account), 1 - account.lastSeq / SEQUENCE_NUMBERS]),
    },
  ];
}

function keyFamilies({ crypto }: Report): MetricFamily[] {
  const samples = (crypto?.assets ?? []).flatMap((asset): [Labels, number][] => {
    const at = seconds(asset.firstSeen);
    if (Number.isNaN(at)) return [];
    if (asset.kind === 'ipsec-key') return [[{ kind: asset.kind, id: String(asset.keyId ?? 'unknown') }, at]];
    if (asset.kind === 'wireguard-key') return [[{ kind: asset.kind, id: asset.publicKey }, at]];
    if (asset.kind === 'tls-certificate') return [[{ kind: asset.kind, id: asset.serial }, at]];
    return [];
  });
  return [
    {
      name: 'wirewitness_key_first_seen_timestamp_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'When the run first saw a key in force; the key itself is in no metric',
      samples: [...new Map(samples.map((sample) => [JSON.stringify(sample[0]), sample])).values()],
    },
  ];
}
