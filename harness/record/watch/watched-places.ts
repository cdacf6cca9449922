import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { JournalEvent } from '../../model/recording.ts';
import { watchFilters } from '../../stacks/capture-filter.ts';
import { Captures, type CaptureTarget } from '../capture.ts';
import type { RecordingSession, Watch } from '../session.ts';
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
    const tally = new WatchTally(session);
    const places = await Promise.all(targets.map((target) => WatchedPlace.start(session, target, watch, tally)));
    return new WatchedPlaces(session, places, tally);
  }

  /** Every place is stopped even if one fails. */
  async stop(): Promise<void> {
    const outcomes = await Promise.allSettled(this.#places.map((place) => place.stop()));
    await this.#tally.told;
    this.#session.writer.event('watch-ended', {});
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }
}

/** What all places have come to together, and who is told of it. */
class WatchTally {
  readonly #session: RecordingSession;
  readonly #events: JournalEvent[] = [];
  keptBytes = 0;
  /** Resolves when everything was told. */
  told: Promise<void> = Promise.resolve();

  constructor(session: RecordingSession) {
    this.#session = session;
  }

  /** A line about counting. */
  line(event: string, detail: Readonly<Record<string, unknown>>): void {
    this.#events.push(this.#session.writer.event(event, detail));
    if (event === 'watch-reading') this.#tell(false);
  }

  /** A capture has ended: what was recorded until now can be judged even if this process is killed. */
  async part(bytes: number): Promise<void> {
    this.keptBytes += bytes;
    await this.#session.writer.checkpoint();
    this.#tell(true);
  }

  #tell(parts: boolean): void {
    const { observation, writer } = this.#session;
    const { watched } = observation ?? {};
    if (watched === undefined) return;
    this.told = this.told
      .then(() => watched({ events: this.#events, keptBytes: this.keptBytes, parts }))
      .catch((error: unknown) => {
        writer.event('watch-not-told', { problem: error instanceof Error ? error.message : String(error) });
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
    const onLine = (event: string, detail: Readonly<Record<string, unknown>>): void => tally.line(event, detail);
    const counter = await FrameCounter.start(target, { readingMs: watch.readingMs, onLine, signal });
    try {
      const first = await startPart(session, target, watch, 1);
      await counter.read();
      return new WatchedPlace(session, target, watch, { tally, counter, first });
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
    writer.event('watch-part-ending', this.#about);
    let bytes = 0;
    for (const { file } of await captures.stop()) bytes += (await stat(join(writer.folder, file))).size;
    await this.#tally.part(bytes);
  }

  get #about(): { readonly node: string | null; readonly interface: string } {
    return { node: this.#target.node, interface: this.#target.interface };
  }
}

function startPart(session: RecordingSession, target: CaptureTarget, watch: Watch, number: number): Promise<Captures> {
  const part = { number, filter: watchFilters(target.vantage).kept, largest: watch.keptBytes * PART_SHARE };
  return Captures.start(session.writer, 'window', [{ ...target, kind: 'sentinel', part }], session.signal);
}
