import { agentOutput } from './cilium-commands.ts';
import type { OutputParts } from './recording.ts';

/**
 * The kernel's policies and error counters in `<prefix>.samples.node1.txt`: the first sample becomes the snapshot before,
 * the last one the snapshot after. The file joins each policy's lines into one; they are split again as iproute2 prints them.
 */
export function sampledOutputs(text: string): OutputParts[] {
  const samples = text.split(/^@ .*$/m).filter((part) => part.trim() !== '');
  const ends = [
    ['before', samples.at(0)],
    ['after', samples.at(-1)],
  ] as const;
  return ends.flatMap(([snapshot, sample]) => {
    const lines = (sample ?? '').split('\n');
    const policies = lines.filter((line) => line.startsWith('POL ')).map((line) => partPolicy(line.slice(4)));
    const counters = lines.filter((line) => /^Xfrm\w+\s+\d+\s*$/.test(line)).map((line) => `${line}\n`);
    return [
      agentOutput(snapshot, 'node1', 'xfrm-policy', policies.join('')),
      agentOutput(snapshot, 'node1', 'xfrm-stat', counters.join('')),
    ];
  });
}

/** One policy on one line, split into the lines and tabs of `ip xfrm policy`. */
export function partPolicy(line: string): string {
  return `${line
    .trim()
    .replace(/ (dir |mark |tmpl )/g, ' \n\t$1')
    .replace(/ (proto |level )/g, '\n\t\t$1')}\n`;
}
