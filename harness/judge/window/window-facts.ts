import type { XfrmState } from '../../decode/kernel/xfrm-items.ts';
import { decodeXfrmState } from '../../decode/kernel/xfrm-state.ts';
import type { JournalEvent, Recording } from '../../model/recording.ts';
import type { NodeObject } from '../../stacks/agent-items.ts';
import type { ProxyCertificate, Reading } from '../../stacks/readings.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import { readSamples, type Samples } from './samples.ts';

/** The samples that were taken during a scenario's window, and the journal of the whole run. */
export interface WindowFacts {
  /** Lines of the journal, in order. Of the whole run, not only of the window. */
  readonly events: readonly JournalEvent[];
  /** SAs of each node. */
  readonly states: Samples<readonly XfrmState[]>;
  /** What the nodes publish. */
  readonly nodeObjects: Samples<readonly NodeObject[]>;
  /** WireGuard's latest handshakes of each node. */
  readonly handshakes: Samples<Handshakes>;
  /** Certificates of the proxies of each node. */
  readonly certificates: Samples<readonly ProxyCertificate[]>;
}

/** Decode the samples of the window of a recording. Never throws for the content of an output. */
export async function readWindow(recording: Recording): Promise<WindowFacts> {
  const { readings, meshReadings } = stackOf(recording.manifest.intent);
  const sampled = <T>(reading: Reading<T> | undefined): Promise<Samples<readonly T[]>> | Samples<readonly T[]> =>
    reading === undefined ? { taken: [], gaps: [] } : readSamples(recording, reading.collector, (text) => whole(reading.decode(text)));
  return {
    events: await recording.events(),
    states: await readSamples(recording, 'xfrm-state', (text) => whole(decodeXfrmState(text))),
    nodeObjects: await sampled(readings?.nodeObjects),
    handshakes: await readSamples(recording, 'wg-latest-handshakes', readHandshakes),
    certificates: await sampled(meshReadings?.certificates),
  };
}

/** The items of a text of which every line was understood; else null. */
function whole<T>({ items, unparsed }: { readonly items: readonly T[]; readonly unparsed: readonly unknown[] }): readonly T[] | null {
  return unparsed.length === 0 ? items : null;
}

/** Time of the last handshake by the peer's public key, Unix seconds; 0 for none. */
type Handshakes = ReadonlyMap<string, number>;

/** `wg show DEVICE latest-handshakes`: `key TAB seconds` a line. Null when a line is something else. */
function readHandshakes(text: string): Handshakes | null {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const match = /^(\S{44})\s+(\d+)$/.exec(line.trim());
    if (match === null) return null;
    found.set(match[1] ?? '', Number(match[2]));
  }
  return found;
}
