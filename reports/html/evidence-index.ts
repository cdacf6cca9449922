import type { FileRecord } from '../../harness/model/recording.ts';
import { evidenceLink } from './evidence.ts';
import { html, type Markup } from './markup.ts';
import { count } from './number.ts';

/** Every file of the recording with its hash, from its manifest. */
export function evidenceIndexSection(files: readonly FileRecord[] | undefined): Markup | null {
  if (files === undefined || files.length === 0) return null;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return html`<section id="evidence" aria-labelledby="evidence-h"><h2 id="evidence-h">Evidence</h2><p class="lead">The recording this report was judged from: ${count(files.length)} files, ${count(bytes)} bytes. Each hash was checked before it was judged.</p>
<details><summary>All ${count(files.length)} files</summary><div class="scroll"><table class="list tight"><caption class="sr">Files of the recording</caption><thead><tr><th scope="col">File</th><th scope="col" class="n">Bytes</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${files.map((file) => html`<tr><th scope="row">${evidenceLink(file.path)}</th><td class="n">${count(file.bytes)}</td><td><code>${file.sha256}</code></td></tr>`)}</tbody></table></div></details></section>`;
}
