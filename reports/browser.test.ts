import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { writeHtml } from './html/page.ts';
import { healthyReport, sampleReport } from './testdata/sample-report.ts';

/** A browser of this machine; none is downloaded. */
const found = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));
const ABSENT = 'no chromium, chromium-browser or google-chrome on the PATH';

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
