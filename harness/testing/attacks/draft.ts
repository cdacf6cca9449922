import { createHash } from 'node:crypto';
import { planOf, planText } from '../../model/plan.ts';
import type { CaptureRecord, CommandRecord, JournalEvent, Recording, RecordingManifest } from '../../model/recording.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import { memoryRecording } from '../memory-recording.ts';
import type { RecordedFiles } from './base.ts';
import { type CapturedFrame, readFrames, writeFrames } from './frames.ts';

/** The same shape, free to be edited. */
export type Writable<T> = { -readonly [K in keyof T]: Writable<T[K]> };

/** Which commands: each property that is given must fit. */
export type CommandChoice = Partial<Pick<CommandRecord, 'snapshot' | 'node' | 'collector'>>;

/** Which captures, likewise; the full ones when no kind is given. */
export type CaptureChoice = Partial<Pick<CaptureRecord, 'phase' | 'vantage' | 'node' | 'kind'>>;

/** Path of the manifest among a recording's files. */
export const RECORDING_MANIFEST = 'manifest.json';
const JOURNAL = 'events.ndjson';

/**
 * A recording that is being edited by somebody who knows how it is made: {@link sealed} puts right every hash, size, closing
 * counter and digest that an edit made wrong, so that nothing but the judge's own understanding can notice.
 */
export class RecordingDraft {
  readonly manifest: Writable<RecordingManifest>;
  readonly events: Writable<JournalEvent>[];
  readonly #files: Map<string, Uint8Array>;
  readonly #base: RecordedFiles;
  #planKept = false;

  constructor(base: RecordedFiles) {
    this.#base = base;
    this.#files = new Map(base);
    this.#files.delete(RECORDING_MANIFEST);
    this.#files.delete(JOURNAL);
    this.manifest = JSON.parse(textOf(base, RECORDING_MANIFEST)) as Writable<RecordingManifest>;
    this.events = linesOf(textOf(base, JOURNAL)).map((line) => JSON.parse(line) as Writable<JournalEvent>);
  }

  /** Text of a file. */
  text(path: string): string {
    return textOf(this.#files, path);
  }

  /** Bytes of a file. */
  bytes(path: string): Uint8Array {
    const bytes = this.#files.get(path);
    if (bytes === undefined) throw new RangeError(`${path} is not in the recording`);
    return bytes;
  }

  /** Replace a file, or add one. */
  write(path: string, content: string | Uint8Array): void {
    this.#files.set(path, typeof content === 'string' ? Buffer.from(content) : content);
  }

  /** As if a file had never been written. @throws RangeError when it was not */
  remove(path: string): void {
    if (!this.#files.delete(path)) throw new RangeError(`${path} is not in the recording`);
  }

  /** The commands of a choice. @throws RangeError when there is none */
  commands(choice: CommandChoice): Writable<CommandRecord>[] {
    return some(this.manifest.commands.filter(fitting(choice)), `command ${JSON.stringify(choice)}`);
  }

  /** Rewrite what commands printed. @throws RangeError when no command fits or none of the outputs changes */
  output(choice: CommandChoice, change: (text: string) => string): void {
    let changed = 0;
    for (const { stdout } of this.commands(choice)) {
      const before = this.text(stdout);
      const after = change(before);
      if (after === before) continue;
      this.write(stdout, after);
      changed += 1;
    }
    if (changed === 0) throw new RangeError(`no output of ${JSON.stringify(choice)} was changed`);
  }

  /** Replace a part of what commands printed. */
  replace(choice: CommandChoice, from: string | RegExp, to: string): void {
    this.output(choice, (text) => text.replace(from, to));
  }

  /** The commands fail: nothing on standard output, a line on standard error. */
  fail(choice: CommandChoice, message: string, exitCode = 1): void {
    for (const command of this.commands(choice)) {
      this.write(command.stdout, '');
      this.write(command.stderr, `${message}\n`);
      command.exitCode = exitCode;
    }
  }

  /** A command more, run when the others of its snapshot were. */
  add(what: Pick<CommandRecord, 'node' | 'collector' | 'snapshot'>, text: string): void {
    const base = `commands/${what.snapshot}/${what.node ?? 'api'}/added-${this.manifest.commands.length}-${what.collector}`;
    const [other] = this.commands({ snapshot: what.snapshot });
    if (other === undefined) throw new RangeError(`the recording has no snapshot ${what.snapshot}`);
    this.write(`${base}.txt`, text);
    this.write(`${base}.err`, '');
    const { cluster, intent } = this.manifest;
    const known = stackOf(intent).collectors(cluster, intent, what.snapshot);
    const found = known.find(({ node, collector }) => node === what.node && collector === what.collector);
    if (found === undefined) throw new RangeError(`nothing reads ${what.collector}`);
    this.manifest.commands.push({
      ...other,
      ...what,
      shell: found.shell,
      argv: [...found.argv],
      stdout: `${base}.txt`,
      stderr: `${base}.err`,
    });
  }

  /** As if the commands had never been run. */
  forget(choice: CommandChoice): void {
    const gone = new Set<CommandRecord>(this.commands(choice));
    for (const { stdout, stderr } of gone) for (const path of [stdout, stderr]) this.#files.delete(path);
    this.manifest.commands = this.manifest.commands.filter((command) => !gone.has(command));
  }

  /** The captures of a choice. @throws RangeError when there is none */
  captures(choice: CaptureChoice): Writable<CaptureRecord>[] {
    return some(this.manifest.captures.filter(fitting({ kind: 'full', ...choice })), `capture ${JSON.stringify(choice)}`);
  }

  /** Rewrite the frames of captures, their closing counters with them. @throws RangeError when nothing changes */
  frames(choice: CaptureChoice, change: (frames: CapturedFrame[], capture: CaptureRecord) => readonly CapturedFrame[]): void {
    for (const capture of this.captures(choice)) {
      const file = this.bytes(capture.file);
      const before = readFrames(file);
      const after = change(before, capture);
      const bytes = writeFrames(file, after);
      if (Buffer.compare(bytes, file) === 0) throw new RangeError(`${capture.file} was not changed`);
      this.write(capture.file, bytes);
      if (capture.counters === null) continue;
      const more = after.length - before.length;
      capture.counters.captured += more;
      capture.counters.receivedByFilter += more;
      this.#count(capture);
    }
  }

  /** What tcpdump printed at its end says what the record says. */
  #count({ file, counters }: Writable<CaptureRecord>): void {
    const log = file.replace(/\.pcap$/, '.log');
    if (counters === null || !this.#files.has(log)) return;
    const printed = this.text(log)
      .replace(/^\d+( packets? captured)$/m, `${counters.captured}$1`)
      .replace(/^\d+( packets? received by filter)$/m, `${counters.receivedByFilter}$1`);
    this.write(log, printed);
  }

  /** As if a capture had never been taken. */
  forgetCaptures(choice: CaptureChoice): void {
    const gone = new Set<CaptureRecord>(this.captures(choice));
    for (const { file } of gone) for (const path of [file, file.replace(/\.pcap$/, '.log')]) this.#files.delete(path);
    this.manifest.captures = this.manifest.captures.filter((capture) => !gone.has(capture));
  }

  /** Leave the digest of another claim in the journal. */
  keepPlan(): void {
    const [first] = this.events;
    if (first !== undefined) first.detail.plan = createHash('sha256').update('another claim').digest('hex');
    this.#planKept = true;
  }

  /** The recording, as the recorder would have written it had it seen all this. */
  sealed(): Recording {
    this.#sealPlan();
    const journal = this.events.map((event) => `${JSON.stringify(event)}\n`).join('');
    if (journal !== textOf(this.#base, JOURNAL)) this.write(JOURNAL, journal);
    else this.#files.set(JOURNAL, this.#base.get(JOURNAL) ?? Buffer.from(journal));
    const known = new Map(this.manifest.files.map((file) => [file.path, file]));
    this.manifest.files = [...this.#files].map(([path, bytes]) => {
      const old = known.get(path);
      if (old !== undefined && this.#base.get(path) === bytes) return old;
      return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    });
    return memoryRecording(this.manifest, this.#files, this.events);
  }

  /** The journal begins with the digest of what was going to be proven; it is made anew when that was edited. */
  #sealPlan(): void {
    const [first] = this.events;
    if (this.#planKept || first?.event !== 'run-started' || typeof first.detail.plan !== 'string') return;
    first.detail.plan = createHash('sha256')
      .update(planText(planOf(this.manifest)))
      .digest('hex');
  }
}

function textOf(files: RecordedFiles, path: string): string {
  const bytes = files.get(path);
  if (bytes === undefined) throw new RangeError(`${path} is not in the recording`);
  return Buffer.from(bytes).toString('utf8');
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function fitting<T extends object>(choice: Partial<T>): (item: T) => boolean {
  const wanted = Object.entries(choice);
  return (item) => wanted.every(([key, value]) => item[key as keyof T] === value);
}

function some<T>(items: T[], what: string): T[] {
  if (items.length === 0) throw new RangeError(`the recording has no ${what}`);
  return items;
}
