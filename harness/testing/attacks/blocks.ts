/** Outputs of `ip xfrm`: a block begins in the first column, and its further lines are indented. */

/** What to do with a block: another text, or null to take it away. */
export type BlockChange = (block: string) => string | null;

function blocksOf(text: string): string[] {
  return text.split(/^(?=\S)/m).filter((block) => block !== '');
}

/** Change the blocks that match, each; the others stay. */
export function changeBlocks(match: RegExp, change: BlockChange): (text: string) => string {
  return (text) =>
    blocksOf(text)
      .map((block) => (match.test(block) ? (change(block) ?? '') : block))
      .join('');
}

/** Put a block after the last one. */
export function addBlock(block: string): (text: string) => string {
  return (text) => `${text}${text.endsWith('\n') || text === '' ? '' : '\n'}${block}\n`;
}

/** A line more or less in a text of lines. */
export function addLine(line: string): (text: string) => string {
  return (text) => `${text}${text.endsWith('\n') || text === '' ? '' : '\n'}${line}\n`;
}

export function putFirst(line: string): (text: string) => string {
  return (text) => `${line}\n${text}`;
}

export function dropLines(match: RegExp): (text: string) => string {
  return (text) =>
    text
      .split('\n')
      .filter((line) => !match.test(line))
      .join('\n');
}
