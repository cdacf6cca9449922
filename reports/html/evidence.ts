import { html, Markup } from './markup.ts';

/** Path from the report to the recording, for links and for commands. */
const LINK = 'href="recording/';
const PLACE = '<span class="place">recording</span>/';

/**
 * A link to a file of the recording, relative to the report: `recording/<path>`. A path outside of the recording is printed as text,
 * without a link.
 */
export function evidenceLink(path: string): Markup {
  if (!isInside(path)) return html`<code>${path}</code>`;
  return html`<a href="recording/${path.split('/').map(encodeURIComponent).join('/')}"><code>${path}</code></a>`;
}

/** The path of a file of the recording from the folder of the report, for a command; null if a shell would interpret it. */
export function recordingPath(path: string): Markup | null {
  return isInside(path) && /^[\w./:@+-]+$/.test(path) ? html`${new Markup(PLACE)}${path}` : null;
}

/**
 * A page whose links and commands lead to another folder, for a report that does not lie beside `recording/`. Text of a recording can't
 * be taken for either: in a page its quotes and brackets are escaped.
 * @param folder relative to the page, without a slash at the end; of letters, digits, dots, slashes and dashes
 */
export function relocateEvidence(page: string, folder: string): string {
  return page.replaceAll(LINK, `href="${folder}/`).replaceAll(PLACE, `<span class="place">${folder}</span>/`);
}

/** Whether a path stays inside the recording and can be written as a URI. */
export function isInside(path: string): boolean {
  const segments = path.split('/');
  const named = path !== '' && segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return named && !path.includes('\\') && path.isWellFormed();
}
