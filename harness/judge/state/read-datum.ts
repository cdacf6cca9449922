import type { Decoded } from '../../decode/decoded.ts';
import { oddCharacter } from '../../decode/printable.ts';
import type { CommandRecord, Recording, Snapshot } from '../../model/recording.ts';
import { notReached } from '../../model/scope.ts';
import type { Reading } from '../../stacks/readings.ts';
import { commandDifference } from './expected-command.ts';
import type { Datum, Unknown } from './node-state.ts';

/** Where to look: a snapshot of one node, or of the API server when `node` is null. */
export interface Place {
  readonly snapshot: Snapshot;
  readonly node: string | null;
}

/** A command with what it printed. */
export interface Output {
  readonly command: CommandRecord;
  readonly text: string;
}

/** `node1 before: xfrm-state`. */
function label(place: Place, collector: string): string {
  return `${place.node ?? 'API server'} ${place.snapshot}: ${collector}`;
}

/** A reason why there is no value. */
export function unknown(place: Place, collector: string, why: string, evidence: readonly string[] = [], absent = false): Unknown {
  return { ok: false, reason: `${label(place, collector)}: ${why}`, absent, evidence };
}

/** A table that was never filled is empty, not broken, although iproute2 exits 2. */
const EMPTY_TABLE = /FIB table does not exist/;

/** A client of an agent or of the API prints many warnings; these words mean that the answer is not complete. */
const NOT_WHOLE = /truncat|incomplete|inconsisten|interrupted|unexpected EOF|broken pipe|connection reset|time[d ]*out/i;

/** Every output of a collector at a place; unknown when there is none or one of them failed. */
export async function outputsOf(recording: Recording, place: Place, collector: string): Promise<Datum<readonly Output[]>> {
  const commands = recording.manifest.commands.filter(
    (c) => c.snapshot === place.snapshot && c.node === place.node && c.collector === collector,
  );
  if (commands.length === 0) {
    const node = recording.manifest.cluster.nodes.find(({ name }) => name === place.node);
    if (node?.unreached === undefined) return unknown(place, collector, 'not in the recording', [], true);
    // One sentence for all missing outputs of a node.
    return { ok: false, reason: notReached(node.name, node.unreached), absent: true, evidence: [] };
  }
  const evidence = commands.map((c) => c.stdout);
  const outputs: Output[] = [];
  for (const command of commands) {
    const difference = commandDifference(recording.manifest, command);
    if (difference !== null) return unknown(place, collector, difference, [command.stdout]);
    const [text, errors] = await Promise.all([recording.text(command.stdout), recording.text(command.stderr)]);
    const empty = EMPTY_TABLE.test(errors) || EMPTY_TABLE.test(text);
    if (command.exitCode !== 0 && !empty) {
      const said = firstLine(errors) || firstLine(text) || 'nothing printed';
      return unknown(place, collector, `\`${command.argv.join(' ')}\` ended with ${command.exitCode}: ${said}`, [
        command.stdout,
        command.stderr,
      ]);
    }
    // The recorder writes this note in place of an output from which it could not remove the keys: there is nothing to judge.
    if (errors.includes('the output was withheld')) return unknown(place, collector, firstLine(errors), [command.stderr]);
    // Tools of the kernel print a warning if an answer is not complete, and end with 0: "Dump was interrupted and may be inconsistent." of
    // iproute2.
    if (!empty && (command.shell === 'host' ? errors.trim() !== '' : NOT_WHOLE.test(errors)))
      return unknown(place, collector, `ended with 0 and a warning: ${firstLine(errors)}`, [command.stdout, command.stderr]);
    // Every tool of the kernel ends its last line; a text that does not was cut off, whatever the exit code.
    if (command.shell === 'host' && text !== '' && !text.endsWith('\n'))
      return unknown(place, collector, `the output ends inside a line: ${lastLine(text)}`, [command.stdout]);
    const odd = oddCharacter(text);
    if (odd !== null)
      return unknown(place, collector, `the output is not as the command printed it, ${odd} is in no such output`, [command.stdout]);
    outputs.push({ command, text: empty ? withoutTableErrors(text) : text });
  }
  return { ok: true, value: outputs, evidence, commands };
}

/** All items of a collector's outputs; unknown when a line was not understood. */
export async function decoded<T>(
  recording: Recording,
  place: Place,
  collector: string,
  decode: (text: string) => Decoded<T>,
): Promise<Datum<readonly T[]>> {
  const outputs = await outputsOf(recording, place, collector);
  if (!outputs.ok) return outputs;
  const items: T[] = [];
  for (const { command, text } of outputs.value) {
    const { items: found, unparsed } = decode(text);
    const first = unparsed[0];
    if (first !== undefined)
      return unknown(place, collector, `${unparsed.length} line(s) not understood, the first ${first.line}: ${first.text}`, [
        command.stdout,
      ]);
    items.push(...found);
  }
  return { ...outputs, value: items };
}

/** All items of an output of the stack; a stack that has no such output has none in any recording. */
export async function readAll<T>(recording: Recording, place: Place, reading: Reading<T> | undefined): Promise<Datum<readonly T[]>> {
  if (reading === undefined) return unknown(place, 'agent', 'this stack has none', [], true);
  return decoded(recording, place, reading.collector, reading.decode);
}

/** The one item of such an output. */
export async function readOne<T>(recording: Recording, place: Place, reading: Reading<T> | undefined): Promise<Datum<T>> {
  return single(await readAll(recording, place, reading), place, reading?.collector ?? 'agent');
}

/** A dump that is read while the table changes may list an item twice: items that are the same in every field count once. */
export function withoutRepeats<T>(datum: Datum<readonly T[]>): Datum<readonly T[]> {
  return datum.ok ? { ...datum, value: [...new Map(datum.value.map((item) => [JSON.stringify(item), item])).values()] } : datum;
}

/** The one item of a collector whose output describes one thing. */
function single<T>(datum: Datum<readonly T[]>, place: Place, collector: string): Datum<T> {
  if (!datum.ok) return datum;
  const [item, ...more] = datum.value;
  // Two different answers count as none.
  if (more.some((other) => JSON.stringify(other) !== JSON.stringify(item)))
    return unknown(place, collector, `gave ${datum.value.length} answers that are not the same`, datum.evidence);
  if (item === undefined) return unknown(place, collector, 'printed nothing that could be read', datum.evidence);
  return { ...datum, value: item };
}

/** Turn a value into another; null means that it could not be read. */
export function mapDatum<T, U>(datum: Datum<T>, place: Place, collector: string, turn: (value: T) => U | null): Datum<U> {
  if (!datum.ok) return datum;
  const value = turn(datum.value);
  return value === null ? unknown(place, collector, 'could not be read', datum.evidence) : { ...datum, value };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1).slice(0, 120);
}

function withoutTableErrors(text: string): string {
  return text
    .split('\n')
    .filter((line) => !EMPTY_TABLE.test(line) && !/^(Dump terminated|exit \d+)$/.test(line))
    .join('\n');
}
