import { readFile } from 'node:fs/promises';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { writeHtml } from './html/page.ts';
import { CHROMIUM_NAMES, findChromium, writePdf } from './pdf/write-pdf.ts';
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
      const lines = await page.evaluate(
        '[...document.querySelectorAll(".attention .fact")].map((one) => getComputedStyle(one).webkitLineClamp)',
      );
      if (name === 'sample') expect(new Set(lines as string[])).toEqual(new Set([width < 704 ? '3' : '1']));
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

test('each stop of the Tab key on the page is seen, and Enter opens what is folded', async ({ skip }) => {
  if (found === undefined) return skip(ABSENT);
  const page = await (await browserAt(found)).newPage();
  try {
    await page.setContent(writeHtml({ report: sampleReport() }), { waitUntil: 'load' });
    const stops = new Set<string>();
    for (;;) {
      await page.keyboard.press('Tab');
      const [tag, outline] = (await page.evaluate(
        '[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]',
      )) as [string, string];
      if (tag === 'BODY') break;
      expect(outline, tag).toBe('solid');
      if (tag === 'SUMMARY' && !stops.has(tag)) {
        await page.keyboard.press('Enter');
        expect(await page.evaluate('document.activeElement.parentElement.open')).toBe(true);
      }
      stops.add(tag);
    }
    expect([...stops]).toEqual(expect.arrayContaining(['A', 'SUMMARY', 'INPUT']));
  } finally {
    await page.close();
  }
});

test('report.pdf is tagged, has an outline, and the short one is shorter than the full one', async ({ skip }) => {
  if (found === undefined) return skip(ABSENT);
  const page = writeHtml({ report: sampleReport() });
  const [brief, full] = [await pdfOf(page, false), await pdfOf(page, true)];
  for (const text of [brief, full]) {
    expect(text.startsWith('%PDF-')).toBe(true);
    expect(text).toContain('/StructTreeRoot');
    expect(text).toMatch(/\/Outlines/);
  }
  expect(pagesOf(brief)).toBeGreaterThan(1);
  expect(pagesOf(brief)).toBeLessThan(Math.min(13, pagesOf(full)));
});

test.for(['green', 'red'])('the short print of the %s sample, a real run, has at most twelve pages', async (name, { skip }) => {
  if (found === undefined) return skip(ABSENT);
  const page = await readFile(new URL(`../docs/samples/${name}/report.html`, import.meta.url), 'utf8');
  expect(pagesOf(await pdfOf(page, false))).toBeLessThanOrEqual(12);
});

async function pdfOf(page: string, full: boolean): Promise<string> {
  const made = await writePdf(page, full);
  if ('refused' in made) throw new Error(made.refused);
  return Buffer.from(made).toString('latin1');
}

function pagesOf(pdf: string): number {
  return pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

describe('finding a check', () => {
  const page = writeHtml({ report: sampleReport() });
  test('with script the topics with a hit unfold, the others go', async ({ skip }) => {
    if (found === undefined) return skip(ABSENT);
    const shown = await (await browserAt(found)).newPage();
    await shown.setContent(page);
    await shown.locator('.find input').fill('clocks');
    expect(await shown.locator('#checks .check:visible').allTextContents()).toEqual([expect.stringContaining('PRE-05')]);
    await shown.locator('.find input').fill('');
    expect(await shown.locator('#checks .topic:visible').count()).toBe(await shown.locator('#checks .topic').count());
    await shown.close();
  });
  test('without script nothing is lost: no box, every topic can be unfolded', async ({ skip }) => {
    if (found === undefined) return skip(ABSENT);
    const context = await (await browserAt(found)).newContext({ javaScriptEnabled: false });
    const shown = await context.newPage();
    await shown.setContent(page);
    expect(await shown.locator('.find').isVisible()).toBe(false);
    await shown.locator('#topic-PRE > summary').click();
    expect(await shown.locator('#PRE-01').isVisible()).toBe(true);
    await context.close();
  });
});

test('a machine without Chromium is told of it', () => {
  expect(findChromium('/nowhere')).toBeUndefined();
});
