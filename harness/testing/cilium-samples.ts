import type { CommandShelf } from './cilium-commands.ts';

/**
 * The kernel's policies and error counters in `<prefix>.samples.node1.txt`: the first sample becomes the snapshot before,
 * the last one the snapshot after. The file joins each policy's lines into one; they are parted again as iproute2 prints them.
 */
export function shelveSamples(text: string, shelf: CommandShelf): void {
  const samples = text.split(/^@ .*$/m).filter((part) => part.trim() !== '');
  for (const [snapshot, sample] of [
    ['before', samples.at(0)],
    ['after', samples.at(-1)],
  ] as const) {
    const lines = (sample ?? '').split('\n');
    const policies = lines.filter((line) => line.startsWith('POL ')).map((line) => partPolicy(line.slice(4)));
    shelf.add(snapshot, 'node1', 'xfrm-policy', ['ip', 'xfrm', 'policy', 'list'], policies.join(''));
    const counters = lines.filter((line) => /^Xfrm\w+\s+\d+\s*$/.test(line));
    shelf.add(snapshot, 'node1', 'xfrm-stat', ['cat', '/proc/net/xfrm_stat'], counters.map((line) => `${line}\n`).join(''));
  }
}

/** One policy on one line, parted into the lines and tabs of `ip xfrm policy`. */
export function partPolicy(line: string): string {
  return `${line
    .trim()
    .replace(/ (dir |mark |tmpl )/g, ' \n\t$1')
    .replace(/ (proto |level )/g, '\n\t\t$1')}\n`;
}
