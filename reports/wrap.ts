import type { Finding } from '../harness/model/verdict.ts';
import { oneLine } from './printable.ts';

/** The text, or its beginning and an ellipsis, in at most `width` characters. */
export function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Breaks at spaces; a word longer than the width gets its own line. */
export function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const candidate = line === '' ? word : `${line} ${word}`;
    if ([...candidate].length > width && line !== '') {
      lines.push(line);
      line = indent + word;
    } else line = candidate;
  }
  return line === '' ? lines : [...lines, line];
}

/**
 * A finding on at most two lines of `width` characters: as many of its facts and notes as fit and the number of the others
 * (`+16 more`). A first fact that is too long by itself is cut, with an ellipsis.
 */
export function brief(finding: Pick<Finding, 'facts' | 'omitted' | 'notes'>, width: number): string[] {
  const sentences = [...finding.facts.map(({ text }) => text), ...finding.notes].map(oneLine);
  const tail = (named: number) => {
    const rest = sentences.length - named + finding.omitted;
    return rest > 0 ? `; +${rest} more` : '';
  };
  for (let named = sentences.length; named > 0; named--) {
    const lines = wrap(sentences.slice(0, named).join('; ') + tail(named), width, '');
    if (lines.length <= 2 && lines.every((line) => [...line].length <= width)) return lines;
  }
  const [first = '', ...others] = wrap(sentences[0] ?? '', width, '');
  if (others.length === 0) return [cut(first, width - tail(1).length) + tail(1)];
  return [cut(first, width), cut(others.join(' '), width - tail(1).length) + tail(1)];
}
