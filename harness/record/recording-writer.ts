import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Plan, planText } from '../model/plan.ts';
import {
  type CaptureRecord,
  type CommandRecord,
  type DecryptionProof,
  type DerivationProof,
  type FileRecord,
  type Instant,
  JOURNAL_FORM,
  type JournalEvent,
  RECORDING_SCHEMA,
  type RecordingManifest,
  type TrafficRecord,
} from '../model/recording.ts';
import { hashFile } from './file-hash.ts';
import { listFiles } from './list-files.ts';
import { RecordingError } from './recording-error.ts';
import { replaceFile } from './replace-file.ts';
import type { RunClock } from './run-clock.ts';

/** A recording shows names, addresses and layout of a cluster: only its owner may read it. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

export interface RecordingHeader extends Plan {
  readonly runId: string;
}

/**
 * Writes one recording folder. Files are written at once, the journal line by line; the manifest is written after each step with `complete:
 * false` and once more at the end, each time to a temporary file that is then renamed, so a run that is killed leaves a readable recording
 * that says it is not complete.
 */
export class RecordingWriter {
  readonly folder: string;
  readonly #header: RecordingHeader;
  readonly #clock: RunClock;
  readonly #startedAt: Instant;
  readonly #commands: CommandRecord[] = [];
  readonly #captures: CaptureRecord[] = [];
  readonly #traffic: TrafficRecord[] = [];
  readonly #decryption: DecryptionProof[] = [];
  readonly #derivation: DerivationProof[] = [];

  private constructor(folder: string, header: RecordingHeader, clock: RunClock) {
    this.folder = folder;
    this.#header = header;
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** @throws RecordingError when the folder exists and is not empty: a recording is never overwritten. */
  static async create(folder: string, header: RecordingHeader, clock: RunClock): Promise<RecordingWriter> {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    if ((await readdir(folder)).length > 0)
      throw new RecordingError(folder, null, 'the folder is not empty; a recording is never overwritten');
    const writer = new RecordingWriter(folder, header, clock);
    const plan = createHash('sha256').update(planText(header)).digest('hex');
    writer.event('run-started', { journal: JOURNAL_FORM, run: header.runId, scenario: header.scenario, fault: header.fault, plan });
    await writer.checkpoint();
    return writer;
  }

  now(): Instant {
    return this.#clock.now();
  }

  /** Appended synchronously, so that the order in the journal is the order of the events. */
  event(event: string, detail: Readonly<Record<string, unknown>> = {}): JournalEvent {
    const line = { at: this.#clock.now(), event, detail };
    appendFileSync(join(this.folder, 'events.ndjson'), `${JSON.stringify(line)}\n`, { mode: FILE_MODE });
    return line;
  }

  /** Absolute path for a file of the recording; creates its folder. */
  async #place(path: string): Promise<string> {
    const absolute = join(this.folder, path);
    await mkdir(dirname(absolute), { recursive: true, mode: FOLDER_MODE });
    return absolute;
  }

  /** Let another function write a file; afterwards only its owner may read it. */
  async bring(path: string, fetch: (absolute: string) => Promise<void>): Promise<void> {
    const absolute = await this.#place(path);
    await fetch(absolute);
    await chmod(absolute, FILE_MODE);
  }

  async text(path: string, content: string): Promise<void> {
    // A checkpoint while it is being written must not take half of it.
    const absolute = await this.#place(path);
    await writeFile(`${absolute}.partial`, content, { mode: FILE_MODE });
    await rename(`${absolute}.partial`, absolute);
  }

  command(record: CommandRecord): void {
    this.#commands.push(record);
  }

  capture(record: CaptureRecord): void {
    this.#captures.push(record);
  }

  traffic(records: readonly TrafficRecord[]): void {
    this.#traffic.push(...records);
  }

  /** Captures recorded so far. */
  get captures(): readonly CaptureRecord[] {
    return this.#captures;
  }

  /** Conversations driven so far. */
  get driven(): readonly TrafficRecord[] {
    return this.#traffic;
  }

  proveDecryption(proofs: readonly DecryptionProof[]): void {
    this.#decryption.push(...proofs);
  }

  proveDerivation(proofs: readonly DerivationProof[]): void {
    this.#derivation.push(...proofs);
  }

  async checkpoint(): Promise<void> {
    await this.#manifest(false, 'the run was interrupted before it ended');
  }

  /** Write the manifest for the last time. `note` says why a recording is not complete; empty for a complete one. */
  async finish(note = ''): Promise<RecordingManifest> {
    this.event('run-ended', { complete: note === '', note });
    return this.#manifest(note === '', note);
  }

  async #manifest(complete: boolean, note: string): Promise<RecordingManifest> {
    const files: FileRecord[] = [];
    for (const path of await listFiles(this.folder)) {
      // A file that is still being written is not part of the recording yet.
      if (path !== 'manifest.json' && path !== 'manifest.json.new' && !path.endsWith('.partial'))
        files.push({ path, ...(await hashFile(join(this.folder, path))) });
    }
    const header = this.#header;
    const manifest: RecordingManifest = {
      schema: RECORDING_SCHEMA,
      run: {
        id: header.runId,
        scenario: header.scenario,
        fault: header.fault,
        startedAt: this.#startedAt,
        endedAt: this.#clock.now(),
        complete,
        note,
      },
      tool: { name: 'wirewitness', version: header.toolVersion, node: process.version },
      intent: header.intent,
      cluster: header.cluster,
      ...(header.sample === undefined ? {} : { sample: header.sample }),
      commands: this.#commands,
      captures: this.#captures,
      traffic: this.#traffic,
      proofs: { decryption: this.#decryption, derivation: this.#derivation },
      files,
    };
    await replaceFile(join(this.folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
    return manifest;
  }
}
