import type { CommandRecord, Recording } from '../../model/recording.ts';
import { commandDifference } from '../state/expected-command.ts';

/** The output of a collector at one moment of the window. */
export interface TakenSample<T> {
  /** Null for the API server. */
  readonly node: string | null;
  /** Unix milliseconds by the recorder's clock: between these two the command ran. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly value: T;
  /** Path inside the recording. */
  readonly evidence: string;
}

/** The samples of one collector in order of time, and what could not be read. */
export interface Samples<T> {
  readonly taken: readonly TakenSample<T>[];
  /** Why a sample has no value, one sentence each. */
  readonly gaps: readonly string[];
}

/** Read every output of a collector that was taken in the window. A failed or unreadable one is a gap, not an error. */
export async function readSamples<T>(recording: Recording, collector: string, decode: (text: string) => T | null): Promise<Samples<T>> {
  const commands = recording.manifest.commands.filter((c) => c.snapshot === 'sample' && c.collector === collector);
  const taken: TakenSample<T>[] = [];
  const gaps: string[] = [];
  for (const command of commands) {
    const difference = commandDifference(recording.manifest, command);
    const value = difference === null && command.exitCode === 0 ? decode(await recording.text(command.stdout)) : null;
    if (value === null) gaps.push(gapOf(command, difference));
    else
      taken.push({
        node: command.node,
        fromMs: Date.parse(command.startedAt.utc),
        toMs: Date.parse(command.endedAt.utc),
        value,
        evidence: command.stdout,
      });
  }
  return { taken: taken.sort((a, b) => a.fromMs - b.fromMs), gaps };
}

function gapOf({ node, collector, exitCode, startedAt }: CommandRecord, difference: string | null): string {
  const what = difference ?? (exitCode === 0 ? 'was not understood' : `ended with ${exitCode}`);
  return `${node ?? 'API server'} sample at ${startedAt.utc}: ${collector} ${what}`;
}
