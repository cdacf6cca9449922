import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { Recording } from '../../model/recording.ts';
import { ciliumEventRecording, ciliumFixtureFolders, ciliumRecording } from '../../testing/cilium-fixture.ts';
import { ipsec } from './layouts.ts';
import type { PlannedCell } from './planned-cell.ts';

/** An event on a real cluster that some check must contradict; every other recording is of a healthy cluster. */
interface RealFault {
  readonly what: string;
  readonly reddens: readonly string[];
  readonly implies: readonly string[];
}

const REAL_FAULTS: Readonly<Record<string, RealFault>> = {
  'v1.18.3-ipsec-vxlan fault-poldel': {
    what: 'Cilium 1.18.3: the out policies and the block policy were deleted, plain VXLAN on the bridge with every ping answered',
    reddens: ['XFR-06', 'XFR-07', 'WIR-01'],
    implies: ['WIR-11'],
  },
  'v1.18.3-ipsec-vxlan fault-agent-restart-node1': {
    what: 'Cilium 1.18.3: the agent restarted on a node whose policies had been flushed; the block policy held everything back',
    reddens: ['XFR-06'],
    implies: ['XFR-01', 'XFR-08', 'LIF-06'],
  },
};

/** Their id among the healthy variants. */
export const REAL = 'H19';

const EVENTS = '.events.txt';

const ABSENT: PlannedCell = {
  cell: {
    id: 'H19 recordings of real agents',
    subject: REAL,
    kind: 'recording',
    what: 'real agents, recorded',
    intent: ipsec(),
    scenario: 'steady',
    nodes: 2,
    reddens: [],
    implies: [],
  },
  source: { kind: 'absent', reason: 'the recordings of real agents are not on this machine' },
};

/**
 * H19: the recordings of real agents. They have one node of two and captures without beacons and closing counters, so most checks miss
 * evidence: here a check is red only when it contradicts.
 */
export function realRecordings(): PlannedCell[] {
  const folders = ciliumFixtureFolders();
  if (folders.length === 0) return [ABSENT];
  return folders.flatMap((folder) => {
    const events = readdirSync(folder)
      .filter((file) => file.endsWith(EVENTS))
      .map((file) => file.slice(0, -EVENTS.length));
    return [
      planned(folder, () => ciliumRecording(folder)),
      ...events.map((event) => planned(folder, () => ciliumEventRecording(folder, event), event)),
    ];
  });
}

function planned(folder: string, read: () => Recording, event?: string): PlannedCell {
  const name = [basename(folder), event].filter((part) => part !== undefined).join(' ');
  const fault = REAL_FAULTS[name];
  const { intent, cluster, run } = read().manifest;
  return {
    cell: {
      id: `${REAL} ${name}`,
      subject: REAL,
      kind: 'recording',
      what: fault?.what ?? `a real agent, ${event === undefined ? 'as it runs' : `while this happened: ${event}`}; nothing leaked`,
      intent,
      scenario: run.scenario,
      nodes: cluster.nodes.length,
      reddens: fault?.reddens ?? [],
      implies: fault?.implies ?? [],
    },
    source: { kind: 'recording', read: async () => read() },
  };
}
