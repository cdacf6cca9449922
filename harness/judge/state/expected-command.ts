import type { CommandRecord, RecordingManifest } from '../../model/recording.ts';
import type { Collector } from '../../stacks/collector.ts';
import { stackOf } from '../../stacks/stack-of.ts';

/** An IP family that is not claimed may have been read too. */
const FAMILIES = ['ipv4', 'ipv6'] as const;
const SNAPSHOTS = ['clear', 'before', 'connected', 'after', 'sample', 'end', 'inbound'] as const;

/** Collectors of a manifest by what they read and where; a recording has thousands of commands. */
const KNOWN = new WeakMap<RecordingManifest, ReadonlyMap<string, readonly Collector[]>>();

/**
 * Why an output does not count as that of its collector: it was made by another command, or in another place, than the stack's collectors
 * run, for example with a filter or in another network namespace. Null if it was made as it must be. The snapshot is not compared, because
 * recorders of other versions read more or fewer outputs in one.
 */
export function commandDifference(manifest: RecordingManifest, command: CommandRecord): string | null {
  const known = collectorsOf(manifest).get(keyOf(command)) ?? [];
  const [first, ...more] = known;
  if (first === undefined) return `no command of ${manifest.intent.mode} reads ${command.collector} there`;
  if (known.some(({ shell, argv }) => shell === command.shell && sameWords(argv, command.argv))) return null;
  if (!known.some(({ shell }) => shell === command.shell)) return `was read by the shell ${command.shell}, not ${first.shell}`;
  return `was read by ${quoted(command.argv)}, not by ${quoted(first.argv)}${more.length === 0 ? '' : ` or one of ${more.length} more`}`;
}

function collectorsOf(manifest: RecordingManifest): ReadonlyMap<string, readonly Collector[]> {
  const found = KNOWN.get(manifest);
  if (found !== undefined) return found;
  const { cluster, intent } = manifest;
  const { collectors } = stackOf(intent);
  const claims = [intent, { ...intent, families: FAMILIES }];
  const all = SNAPSHOTS.flatMap((snapshot) => claims.flatMap((claim) => collectors(cluster, claim, snapshot)));
  const distinct = new Map(all.map((collector) => [JSON.stringify([keyOf(collector), collector.shell, collector.argv]), collector]));
  const made = Map.groupBy(distinct.values(), keyOf);
  KNOWN.set(manifest, made);
  return made;
}

function keyOf({ node, collector }: Pick<Collector, 'node' | 'collector'>): string {
  return `${node ?? ''} ${collector}`;
}

function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, i) => word === other[i]);
}

function quoted(argv: readonly string[]): string {
  const text = argv.join(' ').replaceAll('\n', ' ');
  return `\`${text.length > 120 ? `${text.slice(0, 120)}…` : text}\``;
}
