import { type DissectOptions, GENEVE_PORTS, VXLAN_PORTS } from '../../decode/wire/options.ts';
import type { AddressSpace } from '../../decode/wire/packet-search.ts';
import type { Routing } from '../../model/mode.ts';
import type { JournalEvent, Phase, RecordingManifest } from '../../model/recording.ts';
import type { Profile } from '../../stacks/profile.ts';
import type { Readings } from '../../stacks/readings.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import { canaryIndex } from '../ledger/canary.ts';
import type { NeedleIndex } from '../ledger/needle-index.ts';
import type { StateFacts } from '../state/state-facts.ts';
import { type AddressOwners, addressOwners } from './address-owners.ts';
import { type ClaimedCipher, claimedCipher } from './claimed-cipher.ts';
import { type FlowIndex, flowIndex } from './flow-index.ts';
import { podSpace } from './pod-space.ts';

/** What is known of the recorded cluster before its captures are read: made once, for all of them. */
export interface CaptureContext {
  readonly profile: Profile | null;
  readonly state: StateFacts | null;
  /** The journal. */
  readonly events: readonly JournalEvent[];
  readonly owners: AddressOwners;
  readonly space: AddressSpace;
  readonly claimed: ClaimedCipher;
  readonly ports: ReturnType<typeof tunnelPorts>;
  driven(phase: Phase): DrivenFlows;
}

/** The flows of one phase, and their canaries in every form. */
interface DrivenFlows {
  readonly index: FlowIndex;
  readonly needles: NeedleIndex;
}

export function captureContext(manifest: RecordingManifest, known: Pick<CaptureContext, 'profile' | 'state' | 'events'>): CaptureContext {
  const { profile, state } = known;
  const owners = addressOwners(manifest.cluster);
  const phases = new Map<Phase, DrivenFlows>();
  const flowsOf = (phase: Phase): DrivenFlows => {
    const index = flowIndex(manifest, phase);
    return { index, needles: canaryIndex(index.canaries.keys()) };
  };
  return {
    ...known,
    owners,
    space: podSpace(manifest.cluster),
    claimed: claimedCipher(manifest.intent, profile, state, owners),
    ports: tunnelPorts(state, manifest.intent.routing, stackOf(manifest.intent).readings),
    driven(phase) {
      const flows = phases.get(phase) ?? flowsOf(phase);
      phases.set(phase, flows);
      return flows;
    },
  };
}

/** The usual ports of the tunnel of the claimed routing, and those that the recording names. */
function tunnelPorts(
  state: StateFacts | null,
  routing: Routing,
  readings: Readings | null,
): Pick<DissectOptions, 'vxlanPorts' | 'genevePorts'> {
  const listings = [...(state?.nodes ?? []).map((n) => n.agentConfig), ...(state?.api ?? []).map((a) => a.configMap)];
  const named = listings.flatMap((listing) => (listing.ok ? (readings?.tunnelPorts(listing.value) ?? []) : []));
  const isGeneve = routing === 'geneve';
  return {
    vxlanPorts: [...new Set([...VXLAN_PORTS, ...(isGeneve ? [] : named)])].filter((port) => !GENEVE_PORTS.includes(port)),
    genevePorts: [...new Set([...GENEVE_PORTS, ...(isGeneve ? named : [])])].filter((port) => !VXLAN_PORTS.includes(port)),
  };
}
