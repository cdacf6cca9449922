import { html, type Markup } from './markup.ts';

/**
 * A link to a file of the recording, relative to the report: `recording/<path>`. A path that would lead out of the
 * recording is printed as text and not linked.
 */
export function evidenceLink(path: string): Markup {
  const segments = path.split('/');
  const inside = path !== '' && segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
  if (!inside || path.includes('\\') || !path.isWellFormed()) return html`<code>${path}</code>`;
  return html`<a href="recording/${segments.map(encodeURIComponent).join('/')}"><code>${path}</code></a>`;
}
