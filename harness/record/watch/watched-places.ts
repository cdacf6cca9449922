import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { JournalEvent } from '../../model/recording.ts';
import { watchFilters } from '../../stacks/capture-filter.ts';
import { Captures, type CaptureTarget, type GrowingCapture } from '../capture.ts';
import type { RecordingSession, Watch, Watched } from '../session.ts';
import { FrameCounter } from './frame-counter.ts';

/** Largest share of what may be kept for one capture of a place: a leak at full speed must not fill the disk of a node in one of them. */
const PART_SHARE = 1 / 4;

/** A long watch of every place: what is not ciphertext is kept in captures that follow each other, everything is counted. */
export class WatchedPlaces {
  readonly #session: RecordingSession;
  readonly #places: readonly WatchedPlace[];
  readonly #tally: WatchTally;

  private constructor(session: RecordingSession, places: readonly WatchedPlace[], tally: WatchTally) {
    this.#session = session;
    this.#places = places;
    this.#tally = tally;
  }

  static async start(session: RecordingSession, targets: readonly CaptureTarget[], watch: Watch): Promise<WatchedPlaces> {
    const { writer, progress } = session;
    progress('window: ciphertext is counted, not kept: what needs its headers is not exercised (ROT-02, and ROT-05 on the wire)');
    writer.event('watch-started', { ...watch });
    const copies = await mkdtemp(join(tmpdir(), 'wirewitness-watch-'));
    const tally = new WatchTally(session, copies);
    try {
      const places = await Promise.all(targets.map((target) => WatchedPlace.start(session, target, watch, tally)));
      return new WatchedPlaces(session, places, tally);
    } catch (error) {
      await tally.end();
      throw error;
    }
  }

  /** Every place is stopped even if one fails. */
  async stop(): Promise<void> {
    const outcomes = await Promise.allSettled(this.#places.map((place) => place.stop()));
    await this.#tally.end();
    this.#session.writer.event('watch-ended', {});
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }
}

/** What all places have come to together, and who is told of it. */
class WatchTally {
  readonly #session: RecordingSession;
  readonly #events: JournalEvent[] = [];
  keptBytes = 0;
  /** Where the copies of captures that go on are. */
  readonly copies: string;
  /** Resolves when everything was told. */
  #told: Promise<void> = Promise.resolve();

  constructor(session: RecordingSession, copies: string) {
    this.#session = session;
    this.copies = copies;
  }

  /** Whether somebody is told while the watch goes on. */
  get isHeard(): boolean {
    return this.#session.observation?.watched !== undefined;
  }

  /** A line about counting. */
  line(event: string, detail: Readonly<Record<string, unknown>>): void {
    this.#events.push(this.#session.writer.event(event, detail));
    if (event === 'watch-reading') this.#tell({});
  }

  /** Captures were looked at while they go on. */
  looked(growing: readonly GrowingCapture[]): void {
    this.#tell({ growing });
  }

  /** A capture has ended: what was recorded until now can be judged even if this process is killed. */
  async part(captures: Captures, bytes: number): Promise<void> {
    this.keptBytes += bytes;
    await this.#session.writer.checkpoint();
    this.#tell({ parts: true });
    // What was told before may still be read.
    this.#then(() => captures.forgetLooks(this.copies));
  }

  /** Everything has been told. */
  async end(): Promise<void> {
    await this.#told;
    await rm(this.copies, { recursive: true, force: true });
  }

  #tell({ parts = false, growing = [] }: Partial<Pick<Watched, 'parts' | 'growing'>>): void {
    const { watched } = this.#session.observation ?? {};
    if (watched !== undefined) this.#then(() => watched({ events: this.#events, keptBytes: this.keptBytes, parts, growing }));
  }

  /** Do something when everything before it has been told. */
  #then(work: () => Promise<void>): void {
    this.#told = this.#told.then(work).catch((error: unknown) => {
      this.#session.writer.event('watch-not-told', { problem: error instanceof Error ? error.message : String(error) });
    });
  }
}

/** One interface: its counter, and one sentinel capture after the other, each begun before the one before it ends. */
class WatchedPlace {
  readonly #session: RecordingSession;
  readonly #target: CaptureTarget;
  readonly #watch: Watch;
  readonly #tally: WatchTally;
  readonly #counter: FrameCounter;
  readonly #halt = new AbortController();
  #current: Captures | null;
  #number = 1;
  /** Resolves when the captures have been looked at; null while nobody looks. */
  #look: Promise<void> | null = null;
  readonly #parts: Promise<void>;

  private constructor(
    session: RecordingSession,
    target: CaptureTarget,
    watch: Watch,
    { tally, counter, first }: { readonly tally: WatchTally; readonly counter: FrameCounter; readonly first: Captures },
  ) {
    this.#session = session;
    this.#target = target;
    this.#watch = watch;
    this.#tally = tally;
    this.#counter = counter;
    this.#current = first;
    this.#parts = this.#follow();
  }

  static async start(session: RecordingSession, target: CaptureTarget, watch: Watch, tally: WatchTally): Promise<WatchedPlace> {
    const { signal } = session;
    let place: WatchedPlace | null = null;
    const onLine = (event: string, detail: Readonly<Record<string, unknown>>): void => {
      tally.line(event, detail);
      if (event === 'watch-reading') place?.look();
    };
    const counter = await FrameCounter.start(target, { readingMs: watch.readingMs, onLine, signal });
    try {
      const first = await startPart(session, target, watch, 1);
      await counter.read();
      place = new WatchedPlace(session, target, watch, { tally, counter, first });
      return place;
    } catch (error) {
      // Without a capture nothing is watched, and nobody else would end the counter.
      await counter.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#halt.abort();
    await this.#parts;
    await this.#counter.read();
    try {
      await this.#end(this.#current);
    } finally {
      await this.#counter.stop();
    }
  }

  /** Look at the captures that go on, unless the last look has not ended: a leak is then known before they end. */
  look(): void {
    const captures = this.#current;
    if (captures === null || this.#look !== null || this.#halt.signal.aborted || !this.#tally.isHeard) return;
    this.#look = captures
      .look(this.#tally.copies)
      .then((growing) => this.#tally.looked(growing))
      .catch((error: unknown) => {
        this.#session.writer.event('watch-not-looked', { ...this.#about, problem: error instanceof Error ? error.message : String(error) });
      })
      .finally(() => {
        this.#look = null;
      });
  }

  /** The next capture listens before the last one is ended. While the next cannot be started, the last one goes on. */
  async #follow(): Promise<void> {
    const { writer } = this.#session;
    const { signal } = this.#halt;
    for (;;) {
      await pause(this.#watch.partMs, undefined, { signal }).catch(() => {}); // Stopping ends the pause early.
      if (signal.aborted) return;
      const former = this.#current;
      try {
        const room = this.#tally.keptBytes < this.#watch.keptBytes;
        // Between a reading just before and one just after few frames pass, so it is known how many each part must have.
        await this.#counter.read();
        this.#current = room ? await startPart(this.#session, this.#target, this.#watch, this.#number + 1) : null;
        if (this.#current !== null) this.#number += 1;
        else if (former !== null) writer.event('watch-full', { ...this.#about, bytes: this.#tally.keptBytes });
        if (room) await this.#counter.read();
        await this.#end(former);
      } catch (error) {
        writer.event('watch-part-lost', { ...this.#about, problem: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  async #end(captures: Captures | null): Promise<void> {
    if (captures === null) return;
    const { writer } = this.#session;
    // It would find no file.
    await this.#look;
    writer.event('watch-part-ending', this.#about);
    let bytes = 0;
    for (const { file } of await captures.stop()) bytes += (await stat(join(writer.folder, file))).size;
    await this.#tally.part(captures, bytes);
  }

  get #about(): { readonly node: string | null; readonly interface: string } {
    return { node: this.#target.node, interface: this.#target.interface };
  }
}

function startPart(session: RecordingSession, target: CaptureTarget, watch: Watch, number: number): Promise<Captures> {
  const part = { number, filter: watchFilters(target.vantage).kept, largest: watch.keptBytes * PART_SHARE };
  return Captures.start(session.writer, 'window', [{ ...target, kind: 'sentinel', part }], session.signal);
}
