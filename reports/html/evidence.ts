import { html, type Markup } from './markup.ts';

/** Where the recording lies from the report, as links have it. */
const BESIDE = 'href="recording/';

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

/**
 * A page whose links to evidence lead to another folder, for a report that does not lie beside `recording/`. Text of a recording can't
 * be taken for a link: in a page its quotes are escaped.
 * @param folder relative to the page, without a slash at the end
 */
export function relocateEvidence(page: string, folder: string): string {
  return page.replaceAll(BESIDE, `href="${folder}/`);
}
