import type { CommandRecord, Recording } from '../../model/recording.ts';

/** The commands of a collector in the order in which they were run; a gap when the recording has none. */
export function commandsOf(recording: Recording, collector: string, gaps: string[]): readonly CommandRecord[] {
  const commands = recording.manifest.commands.filter((command) => command.collector === collector);
  if (commands.length === 0) gaps.push(`the recording has no ${collector}`);
  return [...commands].sort((a, b) => a.startedAt.monotonicMs - b.startedAt.monotonicMs);
}

/** The output of a command; null, and a gap, if it failed or its output was withheld because keys could not be removed from it. */
export async function textOf(recording: Recording, command: CommandRecord, gaps: string[]): Promise<string | null> {
  const errors = await recording.text(command.stderr);
  if (command.exitCode === 0 && !errors.includes('the output was withheld')) return recording.text(command.stdout);
  gaps.push(`${placeOf(command)}: ended with ${command.exitCode}: ${errors.trim().split('\n')[0] || 'nothing printed'}`);
  return null;
}

/** `node1 before: xfrm-state (commands/…)`. */
export function placeOf(command: CommandRecord): string {
  return `${command.node ?? 'API server'} ${command.snapshot}: ${command.collector} (${command.stdout})`;
}
