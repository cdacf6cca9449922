import type { FlowVerdict, FrameReference } from '../../harness/model/report.ts';
import type { Finding } from '../../harness/model/verdict.ts';
import type { LeakFile } from '../leak-file.ts';
import { frameOf } from '../problem-frames.ts';
import { evidenceLink, recordingPath } from './evidence.ts';
import { html, type Markup } from './markup.ts';

/** How many frames of a finding are shown with their command. */
const SHOWN = 3;
/** Bytes in a line of a dump, as tshark and tcpdump print them. */
const LINE = 16;

/**
 * The frames of a finding's facts, each with its first bytes, the file with its copy, and the command that prints it from the folder of the
 * report.
 * @param shown keys of frames already on the page; new ones are added
 */
export function frameList(
  { facts }: Finding,
  flows: readonly FlowVerdict[],
  shown: Set<string>,
  leaks: readonly LeakFile[],
): Markup | null {
  const frames = new Map(facts.flatMap((fact) => frameOf(fact, flows) ?? []).map((one) => [`${one.capture} ${one.frame}`, one]));
  const fresh = [...frames].filter(([key]) => !shown.has(key)).map(([, frame]) => frame);
  for (const key of frames.keys()) shown.add(key);
  if (fresh.length === 0) return null;
  const rest = fresh.length - SHOWN;
  return html`<div class="frames"><h4>In the packets</h4><ul>${fresh.slice(0, SHOWN).map((frame) => one(frame, leaks))}${rest > 0 && html`<li>and ${rest} more: ${filesOf(fresh, leaks)}</li>`}</ul></div>`;
}

/** The files with the copied frames, or the captures if they were not copied. */
function filesOf(frames: readonly FrameReference[], leaks: readonly LeakFile[]): Markup[] {
  return [...new Set(frames.map(({ capture }) => capture))].map((capture) => {
    const leak = leaks.find((file) => file.capture === capture);
    const numbers = frames.filter((frame) => frame.capture === capture).map(({ frame }) => frame);
    return html`${leak === undefined ? evidenceLink(capture) : leakLink(leak)} frames ${numbers.sort((a, b) => a - b).join(', ')} `;
  });
}

function one({ capture, frame }: FrameReference, leaks: readonly LeakFile[]): Markup {
  const file = recordingPath(capture);
  const leak = leaks.find((cut) => cut.capture === capture);
  const cut = leak?.frames.find((own) => own.frame === frame);
  return html`<li>Frame ${frame} of ${evidenceLink(capture)}${leak !== undefined && cut !== undefined && html`, cut out as frame ${cut.at} of ${leakLink(leak)}${dump(cut.hex)}`}${file !== null && html`<pre><code>tshark -r ${file} -Y 'frame.number==${frame}' -V</code></pre>`}</li>`;
}

/** A link to a file beside the page. */
function leakLink({ file }: LeakFile): Markup {
  return html`<a href="${file}"><code>${file}</code></a>`;
}

/** First bytes of a frame: offset, bytes in hexadecimal, and as text where they are printable ASCII. */
function dump(hex: string): Markup {
  const bytes = Buffer.from(hex, 'hex');
  const lines = Array.from({ length: Math.ceil(bytes.length / LINE) }, (_, index) => {
    const line = [...bytes.subarray(index * LINE, (index + 1) * LINE)];
    const text = line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    const pairs = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return `${(index * LINE).toString(16).padStart(4, '0')}  ${pairs.padEnd(LINE * 3 - 1)}  ${text}`;
  });
  return html`<pre class="hex" tabindex="0" aria-label="First ${bytes.length} bytes of the frame"><code>${lines.join('\n')}</code></pre>`;
}
