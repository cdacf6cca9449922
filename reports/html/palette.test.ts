import { describe, expect, test } from 'vitest';
import { DARK, LIGHT } from './palette.ts';

/** WCAG 2.2 relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('%s', (_name, declarations) => {
  const colours = new Map([...declarations.matchAll(/--([\w-]+):(#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!]));
  const tones = ['ok', 'bad', 'ask', 'calm', 'off'];
  const pairs = [
    ...['ink', 'quiet', 'link', ...tones].map((text) => [text, 'paper']),
    ...tones.map((tone) => [tone, `${tone}-wash`]),
    ...['ok', 'bad', 'ask'].flatMap((tone) => ['ink', 'quiet', 'link', ...tones].map((text) => [text, `${tone}-wash`])),
  ] as [string, string][];
  test.each(pairs)('%s on %s has a contrast of at least 4.5', (text, ground) => {
    expect(contrast(colours.get(text)!, colours.get(ground)!)).toBeGreaterThanOrEqual(4.5);
  });
});
