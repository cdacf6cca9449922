import { writeWatchMetrics } from '../../../reports/watch-metrics.ts';
import { reconciles, type WatchMinute, watchedPlaces } from '../../judge/window/watch.ts';
import type { Intent } from '../../model/intent.ts';
import type { WatchState } from '../../model/watch-state.ts';
import { replaceFile } from '../../record/replace-file.ts';
import type { Watched } from '../../record/session.ts';
import { PartsJudge } from './judge-parts.ts';
import { type Alert, postAlert } from './webhook.ts';

/** Where a watch that goes on tells what it shows. */
export interface AlertOptions {
  readonly intent: Intent;
  /** The recording. */
  readonly folder: string;
  /** Is written again after each reading. */
  readonly metrics: string;
  readonly url?: URL | undefined;
  readonly progress: (line: string) => void;
}

/**
 * What is done while a watch goes on: judge each sentinel capture, before its end and then, and each minute, write the metrics, and tell a webhook of the first readable
 * frame and of the first minute that does not reconcile. The verdict of the run is made at the end from the whole recording: nothing that
 * fails here changes it.
 */
export class WatchAlerts {
  readonly #options: AlertOptions;
  readonly #parts: PartsJudge;
  readonly #told = new Set<Alert['alert']>();

  constructor(options: AlertOptions) {
    this.#options = options;
    this.#parts = new PartsJudge(options.folder);
  }

  /** Called by the recorder, one call after the other. */
  async take({ events, keptBytes, parts, growing }: Watched): Promise<void> {
    if (parts) await this.#parts.next();
    if (growing.length > 0) await this.#parts.look(growing);
    const { clearFrames } = this.#parts.reading;
    const minutes = watchedPlaces(events).flatMap((place) => place.minutes);
    const open = minutes.filter((minute) => !reconciles(minute)).length;
    await replaceFile(this.#options.metrics, writeWatchMetrics(this.#state(minutes, open, keptBytes)));
    if (clearFrames > 0) await this.#tell('readable-frames', clearFrames);
    if (open > 0) await this.#tell('minute-not-reconciled', open);
  }

  #state(minutes: readonly WatchMinute[], open: number, keptBytes: number): WatchState {
    const sum = (of: (minute: WatchMinute) => number): number => minutes.reduce((n, minute) => n + of(minute), 0);
    const { clearFrames, gaps } = this.#parts.reading;
    const unproven = open > 0 || gaps > 0 || minutes.length === 0;
    return {
      claim: this.#claim,
      verdict: clearFrames > 0 ? 'contradicts' : unproven ? 'inconclusive' : 'supports',
      readAt: minutes.at(-1)?.to.utc ?? null,
      minutes: { all: minutes.length, open },
      frames: { clear: clearFrames, kept: sum(({ kept }) => kept), ciphertext: sum(({ ciphertext }) => ciphertext) },
      keptBytes,
      recorderBytes: process.memoryUsage.rss(),
    };
  }

  get #claim(): WatchState['claim'] {
    const { mode, routing, profile } = this.#options.intent;
    return { mode, routing, profile };
  }

  async #tell(alert: Alert['alert'], count: number): Promise<void> {
    if (this.#told.has(alert)) return;
    this.#told.add(alert);
    const { url, progress } = this.#options;
    progress(
      `watch: ${count} ${alert === 'readable-frames' ? 'readable frame(s) that must be encrypted' : 'minute(s) that do not reconcile'}`,
    );
    if (url === undefined) return;
    const at = new Date().toISOString();
    await postAlert(url, { tool: 'wirewitness', alert, ...this.#claim, at, count }).catch((error: Error) =>
      progress(`warning: --alert-url: the webhook was not told: ${error.message}`),
    );
  }
}
