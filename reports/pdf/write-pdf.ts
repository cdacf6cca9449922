import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { briefPage } from '../html/print-style.ts';

/** Why there is no PDF: a missing browser is not an error of a run. */
export interface PdfRefusal {
  readonly refused: string;
}

/** Title of the document and number of the page, at the foot of each; the classes are Chromium's. */
const FOOTER =
  '<div style="font:7pt sans-serif;color:#5d636d;width:100%;margin:0 15mm;display:flex;justify-content:space-between"><span class="title"></span><span><span class="pageNumber"></span> of <span class="totalPages"></span></span></div>';

/**
 * `report.html` as a PDF, tagged, with an outline and page numbers, printed by the machine's own Chromium. Its bytes are not
 * reproducible: Chromium writes the time into them.
 * @param full with the tables of frameworks, flows and frames and the basis of each check; without, the page is printed short
 * @returns the reason where the machine has no Chromium or the package that drives it is not installed
 */
export async function writePdf(html: string, full: boolean): Promise<Uint8Array | PdfRefusal> {
  const executablePath = findChromium();
  if (executablePath === undefined) return { refused: `no PDF: none of ${CHROMIUM_NAMES} is on the PATH` };
  const driver = await import('playwright-core').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  });
  if (driver === null) return { refused: 'no PDF: the optional package playwright-core is not installed' };
  // Its sandbox does not work for root and in containers, and the page is our own.
  const browser = await driver.chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await (await browser.newContext({ offline: true, javaScriptEnabled: false })).newPage();
    await page.setContent(full ? html : briefPage(html), { waitUntil: 'load' });
    return await page.pdf({
      ...{ format: 'A4', printBackground: true, preferCSSPageSize: true, tagged: true, outline: true },
      ...{ displayHeaderFooter: true, headerTemplate: '<span></span>', footerTemplate: FOOTER },
    });
  } finally {
    await browser.close();
  }
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The Chromium of this machine, never a downloaded one. Undefined if there is none. */
export function findChromium(path: string = process.env.PATH ?? ''): string | undefined {
  return NAMES.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name))).find((file) => existsSync(file));
}

/** The programs that are searched for, for messages. */
export const CHROMIUM_NAMES = NAMES.join(', ');
