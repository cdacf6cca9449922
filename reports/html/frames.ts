import type { FlowVerdict, FrameReference } from '../../harness/model/report.ts';
import type { Finding, StatedFact } from '../../harness/model/verdict.ts';
import { evidenceLink, recordingPath } from './evidence.ts';
import { html, type Markup } from './markup.ts';

/** How many frames of a finding are shown with their command. */
const SHOWN = 3;

/** The frame that shows a fact: its own, else the first readable one of its flow. Undefined where none is known. */
export function frameOf({ capture, frame, flow }: StatedFact, flows: readonly FlowVerdict[]): FrameReference | undefined {
  if (capture !== undefined && frame !== undefined) return { capture, frame };
  return flow === undefined ? undefined : flows.find(({ id }) => id === flow)?.firstReadable;
}

/**
 * The frames that a finding's facts rest on, each with the command that prints it from the folder of the report.
 * @param told keys of frames that stand on the page already; those that are shown are added
 */
export function framesOf({ facts }: Finding, flows: readonly FlowVerdict[], told: Set<string>): Markup | null {
  const frames = new Map(facts.flatMap((fact) => frameOf(fact, flows) ?? []).map((one) => [`${one.capture} ${one.frame}`, one]));
  const fresh = [...frames].filter(([key]) => !told.has(key)).map(([, frame]) => frame);
  for (const key of frames.keys()) told.add(key);
  if (fresh.length === 0) return null;
  return html`<div class="frames"><h4>In the packets</h4><ul>${fresh.slice(0, SHOWN).map(one)}${cuts(fresh)}</ul></div>`;
}

/** For each capture the command that cuts its frames out into a file of their own. */
function cuts(frames: readonly FrameReference[]): readonly Markup[] {
  return [...Map.groupBy(frames, ({ capture }) => capture)].flatMap(([capture, members], index) => {
    const file = recordingPath(capture);
    if (file === null || members.length < 2) return [];
    const numbers = members.map(({ frame }) => frame).sort((a, b) => a - b);
    return [
      html`<li>All ${numbers.length} as a file<pre><code>editcap -r ${file} leak-${index + 1}.pcap ${numbers.join(' ')}</code></pre></li>`,
    ];
  });
}

function one({ capture, frame }: FrameReference): Markup {
  const file = recordingPath(capture);
  return html`<li>Frame ${frame} of ${evidenceLink(capture)}${file !== null && html`<pre><code>tshark -r ${file} -Y 'frame.number==${frame}' -V</code></pre>`}</li>`;
}
