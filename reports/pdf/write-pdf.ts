import { CHROMIUM_NAMES, findChromium } from './find-chromium.ts';

/** Why there is no PDF: an absent browser is no error of a run. */
export interface PdfRefusal {
  readonly refused: string;
}

/**
 * `report.html` as a PDF, tagged and with an outline, printed by the machine's own Chromium. Its bytes are not reproducible: Chromium
 * writes the time into them.
 * @returns the reason where the machine has no Chromium or the package that drives it is not installed
 */
export async function writePdf(html: string): Promise<Uint8Array | PdfRefusal> {
  const executablePath = findChromium();
  if (executablePath === undefined) return { refused: `no PDF: none of ${CHROMIUM_NAMES} is on the PATH` };
  const driver = await import('playwright-core').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  });
  if (driver === null) return { refused: 'no PDF: the optional package playwright-core is not installed' };
  // Its sandbox needs what root and containers do not have, and the page shown is our own.
  const browser = await driver.chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await (await browser.newContext({ offline: true, javaScriptEnabled: false })).newPage();
    await page.setContent(html, { waitUntil: 'load' });
    return await page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true, tagged: true, outline: true });
  } finally {
    await browser.close();
  }
}
