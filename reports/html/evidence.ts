import { html, Markup } from './markup.ts';

/** Where the recording lies from the report, as links and as commands have it. */
const LINK = 'href="recording/';
const PLACE = '<span class="place">recording</span>/';

/**
 * A link to a file of the recording, relative to the report: `recording/<path>`. A path that would lead out of the
 * recording is printed as text and not linked.
 */
export function evidenceLink(path: string): Markup {
  if (!isInside(path)) return html`<code>${path}</code>`;
  return html`<a href="recording/${path.split('/').map(encodeURIComponent).join('/')}"><code>${path}</code></a>`;
}

/** The path of a file of the recording from the folder of the report, for a command; null where a shell would take it for something else. */
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

/** Whether a path can be followed inside the recording: it leads nowhere else, and a URI can say it. */
export function isInside(path: string): boolean {
  const segments = path.split('/');
  const named = path !== '' && segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return named && !path.includes('\\') && path.isWellFormed();
}
