import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readCapture } from '../harness/decode/wire/capture.ts';

const SAMPLES = fileURLToPath(new URL('../docs/samples/', import.meta.url));
const read = (path: string): string => readFileSync(`${SAMPLES}${path}`, 'latin1');
const files = ['green', 'red'].flatMap((name) => readdirSync(`${SAMPLES}${name}`).map((file) => `${name}/${file}`));
const VERSION = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

test.each(files)('%s is small and names no place of a machine', (file) => {
  expect(read(file).length).toBeLessThan(600_000);
  expect(/.{0,30}\/(home|root|work|Users)\/.{0,30}/.exec(read(file))?.[0]).toBeUndefined();
});

test('the green one supports and the red one contradicts, of this version; npm run samples writes them again', () => {
  for (const [name, sign] of [
    ['green', 'v-supports'],
    ['red', 'v-contradicts'],
  ] as const) {
    expect(read(`${name}/report.html`)).toContain(`<section class="verdict ${sign}"`);
    expect(read(`${name}/junit.xml`)).toContain(`name="tool.version" value="${VERSION}"`);
    expect(read(`${name}/junit.xml`)).toContain('name="environment.class" value="lab"');
    expect(read(`${name}/junit.xml`)).toMatch(/<testsuite name="RUN The run"[^>]* time="[1-9]/);
  }
  expect(read('green/junit.xml')).not.toMatch(/<failure|<error/);
  expect(read('red/junit.xml')).toContain('<failure');
});

test('the frames of the red one are there to open, and the page links to them', async () => {
  let frames = 0;
  const summary = await readCapture(
    (async function* () {
      yield readFileSync(`${SAMPLES}red/leak-1.pcap`);
    })(),
    () => frames++,
  );
  expect(summary).toEqual({ format: 'pcap', truncatedTail: false });
  expect(frames).toBeGreaterThan(0);
  expect(read('red/report.html')).toContain('href="leak-1.pcap"');
});
