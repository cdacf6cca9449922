import { type Browser, chromium } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { writeHtml } from './html/page.ts';
import { CHROMIUM_NAMES, findChromium } from './pdf/find-chromium.ts';
import { writePdf } from './pdf/write-pdf.ts';
import { healthyReport, sampleReport } from './testdata/sample-report.ts';

const found = findChromium();
const ABSENT = `none of ${CHROMIUM_NAMES} is on the PATH`;

let browser: Browser | undefined;
afterAll(() => browser?.close());

/** Its sandbox needs what root and containers do not have, and the page shown is our own. */
async function browserAt(path: string): Promise<Browser> {
  browser ??= await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'] });
  return browser;
}

describe('report.html in a browser', () => {
  const reports = { healthy: healthyReport, sample: sampleReport };
  const cases = (['healthy', 'sample'] as const).flatMap((name) =>
    (['light', 'dark'] as const).flatMap((scheme) => [1120, 400].map((width) => [name, scheme, width] as const)),
  );

  test.for(cases)('%s, %s, %i pixels wide: complete, no request, no message, nothing cut off', async ([name, scheme, width], { skip }) => {
    if (found === undefined) return skip(ABSENT);
    const context = await (await browserAt(found)).newContext({ colorScheme: scheme, viewport: { width, height: 900 } });
    try {
      const page = await context.newPage();
      const requests: string[] = [];
      const messages: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => messages.push(message.text()));
      page.on('pageerror', (error) => messages.push(error.message));
      await page.setContent(writeHtml({ report: reports[name]() }), { waitUntil: 'load' });
      expect(requests).toEqual([]);
      expect(messages).toEqual([]);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const paper = (await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')) as string;
      const [, red, green, blue] = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(paper) ?? [];
      const brightness = Number(red) + Number(green) + Number(blue);
      if (scheme === 'dark') expect(brightness, paper).toBeLessThan(200);
      else expect(brightness, paper).toBeGreaterThan(600);
    } finally {
      await context.close();
    }
  });
});

test('report.pdf is tagged, has an outline and more than one page', async ({ skip }) => {
  if (found === undefined) return skip(ABSENT);
  const made = await writePdf(writeHtml({ report: sampleReport() }));
  if ('refused' in made) throw new Error(made.refused);
  const text = Buffer.from(made).toString('latin1');
  expect(text.startsWith('%PDF-')).toBe(true);
  expect(text).toContain('/StructTreeRoot');
  expect(text).toMatch(/\/Outlines/);
  expect(text.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(1);
});

test('a machine without Chromium is told of it', () => {
  expect(findChromium('/nowhere')).toBeUndefined();
});
