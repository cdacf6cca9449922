import type { XfrmState } from '../../decode/kernel/xfrm-items.ts';
import { decodeXfrmState } from '../../decode/kernel/xfrm-state.ts';
import type { JournalEvent, Recording } from '../../model/recording.ts';
import { decodeCiliumNodes } from '../../stacks/cilium/decode/cilium-nodes.ts';
import type { CiliumNodeItem } from '../../stacks/cilium/decode/items.ts';
import { type Handshakes, readHandshakes } from './handshake-samples.ts';
import { readSamples, type Samples } from './samples.ts';

/** What was read again and again while a scenario's window lasted, and what the journal says of the whole run. */
export interface WindowFacts {
  /** Lines of the journal, in order. Of the whole run, not only of the window. */
  readonly events: readonly JournalEvent[];
  /** SAs of each node. */
  readonly states: Samples<readonly XfrmState[]>;
  /** CiliumNode objects. */
  readonly ciliumNodes: Samples<readonly CiliumNodeItem[]>;
  /** WireGuard's latest handshakes of each node. */
  readonly handshakes: Samples<Handshakes>;
}

/** Decode what was sampled in the window of a recording. Never throws for what an output says. */
export async function readWindow(recording: Recording): Promise<WindowFacts> {
  return {
    events: await recording.events(),
    states: await readSamples(recording, 'xfrm-state', (text) => whole(decodeXfrmState(text))),
    ciliumNodes: await readSamples(recording, 'cilium-nodes', (text) => whole(decodeCiliumNodes(text))),
    handshakes: await readSamples(recording, 'wg-latest-handshakes', readHandshakes),
  };
}

/** The items of a text that was understood to its last line; null otherwise. */
function whole<T>({ items, unparsed }: { readonly items: readonly T[]; readonly unparsed: readonly unknown[] }): readonly T[] | null {
  return unparsed.length === 0 ? items : null;
}
