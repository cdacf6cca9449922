import type { Cluster } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type { Phase } from '../model/recording.ts';
import { Captures, type CaptureTarget } from './capture.ts';
import { collectSnapshot } from './collect.ts';
import { keyFingerprint } from './key-fingerprint.ts';
import { KeyVault } from './proofs/key-vault.ts';
import { proveInMemory } from './proofs/prove.ts';
import type { RecordingWriter } from './recording-writer.ts';
import { driveFlows } from './traffic/drive-flows.ts';
import { type FlowChoice, planFlows } from './traffic/plan-flows.ts';
import type { PlannedFlow } from './traffic/planned-flow.ts';

export type { FlowChoice } from './traffic/plan-flows.ts';

export interface ScenarioOptions {
  readonly cluster: Cluster;
  readonly intent: Intent;
  readonly writer: RecordingWriter;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Turn encryption on between the two phases. Where it is absent there is no un-encrypted phase. */
  readonly enable?: () => Promise<void>;
  /** Called when the captures of the judged phase are ready, before its flows are driven. */
  readonly duringTraffic?: () => Promise<void>;
  /** Default `all`. */
  readonly flows?: FlowChoice;
}

/** Sources driven at the same time. */
const SOURCES_AT_ONCE = 3;

/**
 * Scenario `steady`: an un-encrypted phase in which the same captures must show each canary, then encryption on, the state
 * before, all flows under full captures, the state after. Nothing is judged here.
 */
export async function recordSteady({
  cluster,
  intent,
  writer,
  progress,
  signal,
  enable,
  duringTraffic,
  flows: choice,
}: ScenarioOptions): Promise<void> {
  const fingerprint = keyFingerprint();
  using vault = new KeyVault();
  const flows = planFlows(cluster.description, intent.families, choice);
  if (enable !== undefined) {
    progress(`un-encrypted phase: ${flows.length} flows`);
    await drivePhase({ cluster, writer, phase: 'clear', intent, flows, signal });
    progress('turning encryption on');
    writer.event('encryption-enabling', {});
    await enable();
    writer.event('encryption-enabled', {});
  }
  progress('reading the state before');
  await collectSnapshot(writer, cluster, intent, 'before', fingerprint, signal, vault);
  progress(`encrypted phase: ${flows.length} flows`);
  await drivePhase({ cluster, writer, phase: 'encrypted', intent, flows, signal, ready: duringTraffic });
  progress('reading the state after');
  await collectSnapshot(writer, cluster, intent, 'after', fingerprint, signal, vault);
  await proveInMemory(writer, vault, cluster.description);
}

interface PhaseOptions {
  readonly cluster: Cluster;
  readonly writer: RecordingWriter;
  readonly phase: Phase;
  readonly intent: Intent;
  readonly flows: readonly PlannedFlow[];
  readonly signal: AbortSignal | undefined;
  /** Called when the captures are ready. */
  readonly ready?: (() => Promise<void>) | undefined;
}

/** All flows once, under full captures at every vantage. */
async function drivePhase({ cluster, writer, phase, intent, flows, signal, ready }: PhaseOptions): Promise<void> {
  const captures = await Captures.start(writer, phase, await captureTargets(cluster, intent), signal);
  try {
    await ready?.();
    const sources = [...Map.groupBy(flows, (flow) => flow.source.name).values()].values();
    await Promise.all(
      Array.from({ length: SOURCES_AT_ONCE }, async () => {
        for (const group of sources) {
          const source = group[0]?.source;
          if (source === undefined) continue;
          signal?.throwIfAborted();
          const shell = source.kind === 'node' ? cluster.host(source.name) : cluster.workloads.shell(source.name);
          writer.traffic(await driveFlows(shell, group, phase, () => writer.now(), signal));
        }
      }),
    );
    writer.event('traffic-ended', { phase });
  } finally {
    await captures.stop();
    await writer.checkpoint();
  }
}

/** The wire, and in each node its uplink, the tunnel and WireGuard devices that are there, and one pod's host side. */
async function captureTargets(cluster: Cluster, intent: Intent): Promise<CaptureTarget[]> {
  const targets: CaptureTarget[] = [];
  if (cluster.wire !== undefined)
    targets.push({ vantage: 'wire', node: null, interface: cluster.wire.interface, shell: cluster.wire.shell });
  const tunnel = intent.routing === 'native' ? null : `cilium_${intent.routing}`;
  for (const node of cluster.description.nodes) {
    const shell = cluster.host(node.name);
    const listed = await shell.run(['cat', '/proc/net/dev']);
    const interfaces = new Set([...listed.stdout.matchAll(/^ *([^ :]+):/gm)].map((match) => match[1]));
    const add = (vantage: CaptureTarget['vantage'], name: string | null | undefined): void => {
      if (typeof name === 'string' && interfaces.has(name)) targets.push({ vantage, node: node.name, interface: name, shell });
    };
    add('nic', node.uplink);
    add('tunnel', tunnel);
    add('wireguard', 'cilium_wg0');
    add('pod', cluster.description.pods.find((pod) => pod.node === node.name)?.hostInterface);
  }
  return targets;
}
