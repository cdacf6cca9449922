import { randomBytes } from 'node:crypto';
import { appendFile, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { decodeTcpdumpLog } from '../decode/tcpdump/tcpdump-log.ts';
import { type CaptureKind, type CaptureRecord, captureLabel, type Instant, type Phase, type Vantage } from '../model/recording.ts';
import type { CommandResult, RunningCommand, Shell } from '../model/shell.ts';
import { LIMITS_MS } from '../proc/limits.ts';
import { succeeded } from '../proc/run.ts';
import { asUnanswered } from '../proc/unanswered.ts';
import { captureLimits, readsDirection } from '../stacks/capture-filter.ts';
import type { RecordingWriter } from './recording-writer.ts';

/** Where to capture. */
export interface CaptureTarget {
  readonly vantage: Vantage;
  readonly node: string | null;
  readonly interface: string;
  readonly shell: Shell;
  /** Default `full`. */
  readonly kind?: CaptureKind;
  /** A part of a long watch. */
  readonly part?: WatchPart;
}

/** One of the captures of a place that follow each other in a long watch. */
export interface WatchPart {
  /** From 1. */
  readonly number: number;
  readonly filter: string;
  /** The largest file on the remote side, bytes: tcpdump is ended when it would be larger, and the capture is then damaged. */
  readonly largest: number;
}

/** What a capture that still goes on has kept until now. */
export interface GrowingCapture {
  /** As it would be if the capture had ended now. */
  readonly record: CaptureRecord;
  /** A copy of the beginning of its file, which may end inside of a frame. */
  readonly copy: string;
}

/** Longest time from sending a beacon to seeing it in the capture file; after that the capture counts as blind. */
const BEACON_SECONDS = 5;
/** Looks at the file, 20 a second, after which a beacon at the start is sent again. */
const LOOKS = 5;

/**
 * Size of the rings of all captures together, KiB. The kernel fills blocks of 256 KiB one frame after the other, so the default of 2 MiB
 * has room for about 1300 full frames; a lab guest of 256 MiB has no memory for more than this.
 */
const RINGS_KIB = 32_768;
const DEFAULT_RING_KIB = 2048;
/** For a part of a long watch: two of them run while one takes over from the other, beside what counts. */
const PART_RING_KIB = 8192;

/** The most that one look brings of a file: it must not slow the recording. */
const LOOK_BYTES = 8 * 1024 * 1024;
/** Arguments: the file, the number of its first byte that is wanted, the most bytes. */
const COPY_PIECE = 'tail -c "+$1" "$0" | head -c "$2" >"$0.piece"';

/** The program that sends beacons, read once. */
const beacon = readFile(new URL('./beacon.pl', import.meta.url), 'utf8');

interface Running {
  readonly target: CaptureTarget;
  readonly argv: readonly string[];
  readonly remote: string;
  readonly command: RunningCommand;
  readonly readyLine: string | null;
  readonly startedAt: CaptureRecord['startedAt'];
  readonly beacons: { readonly start: string; readonly end: string };
}

/**
 * tcpdump at every capture point at the same time. A capture is proven at both ends: its `listening on` line, a beacon sent through its
 * interface before the traffic starts, another one before it is stopped, and the three closing counters. What is missing is recorded as
 * missing; the judge decides what that means.
 *
 * The kernel passes a block of frames to tcpdump when it is full or one second old, and frames not passed on at SIGINT are lost: so tcpdump
 * is stopped when the closing beacon is in the file, and with it everything before. Not `--immediate-mode`: with it each frame takes a slot
 * of the largest frame's size (libpcap pcap-linux.c, TPACKET_V2, except for Ethernet devices without offloads), only five of them in the
 * same ring, and a burst loses frames.
 */
export class Captures {
  readonly #writer: RecordingWriter;
  readonly #phase: Phase;
  readonly #running: readonly Running[];

  private constructor(writer: RecordingWriter, phase: Phase, running: readonly Running[]) {
    this.#writer = writer;
    this.#phase = phase;
    this.#running = running;
  }

  static async start(writer: RecordingWriter, phase: Phase, targets: readonly CaptureTarget[], signal?: AbortSignal): Promise<Captures> {
    writer.event('captures-starting', { phase, interfaces: targets.map(label), ...partsOf(targets) });
    const ring = targets.some(({ part }) => part !== undefined) ? PART_RING_KIB : ringKib(targets.length);
    const running = await Promise.all(targets.map((target) => startOne(writer, phase, target, ring, signal)));
    const captures = new Captures(writer, phase, running);
    await captures.#sendBeacons('start', targets.some(isLate) ? BEACON_SECONDS : 0);
    writer.event('captures-ready', { phase, ...partsOf(targets) });
    return captures;
  }

  /** Send the closing beacons, stop every tcpdump, fetch the files and write the messages of each. */
  async stop(): Promise<readonly CaptureRecord[]> {
    await this.#sendBeacons('end', BEACON_SECONDS);
    // All are stopped before any file is fetched, so that fetching disturbs no capture.
    const stopped = await Promise.all(
      this.#running.map(async (running) => ({ running, result: await this.#stopOne(running), stoppedAt: this.#writer.now() })),
    );
    const kept = await Promise.all(stopped.map(({ running, result, stoppedAt }) => this.#keep(running, result, stoppedAt)));
    for (const record of kept) this.#writer.capture(record);
    await Promise.all([...Map.groupBy(this.#running, ({ target }) => target.shell.name).values()].map(removeRemote));
    this.#writer.event('captures-stopped', { phase: this.#phase, ...partsOf(this.#running.map(({ target }) => target)) });
    return kept;
  }

  /**
   * Bring what the files have more than at the last look, while the captures go on.
   * @param folder where their copies grow
   */
  async look(folder: string): Promise<readonly GrowingCapture[]> {
    return Promise.all(
      this.#running.map(async (running) => {
        const { target, remote } = running;
        const copy = copyOf(running, folder);
        const has = await stat(copy).then(
          ({ size }) => size,
          () => 0,
        );
        const argv = ['sh', '-c', COPY_PIECE, remote, String(has + 1), String(LOOK_BYTES)];
        succeeded(await target.shell.run(argv, { timeoutMs: LIMITS_MS.read }), target.shell.name);
        await target.shell.fetch(`${remote}.piece`, `${copy}.piece`);
        await appendFile(copy, await readFile(`${copy}.piece`));
        await rm(`${copy}.piece`);
        return { record: this.#record(running, null, this.#writer.now()), copy };
      }),
    );
  }

  /** Remove the copies that were made by looking. */
  async forgetLooks(folder: string): Promise<void> {
    await Promise.all(this.#running.map((running) => rm(copyOf(running, folder), { force: true })));
  }

  /** What tcpdump printed at its end; null when it could not be reached any more, which the record of the capture then shows. */
  async #stopOne({ command, argv, target }: Running): Promise<CommandResult | null> {
    try {
      return await command.stop();
    } catch (error) {
      const { stderr } = asUnanswered(argv)(error);
      this.#writer.event('capture-lost', { phase: this.#phase, capture: label(target), problem: stderr.trim() });
      return null;
    }
  }

  /** A capture that cannot be fetched does not affect the others: it is kept as damaged, with an empty file. */
  async #bring(file: string, { target, remote }: Running): Promise<void> {
    try {
      await this.#writer.bring(file, (place) => target.shell.fetch(remote, place));
    } catch (error) {
      // An error of this machine, for instance a full disk, is not an error of the capture.
      if (error instanceof Error && 'syscall' in error) throw error;
      this.#writer.event('capture-not-brought', { phase: this.#phase, capture: label(target), problem: String(error) });
      await this.#writer.text(file, '');
    }
  }

  async #keep(running: Running, result: CommandResult | null, stoppedAt: Instant): Promise<CaptureRecord> {
    const record = this.#record(running, result, stoppedAt);
    await this.#bring(record.file, running);
    await this.#writer.text(record.file.replace(/\.pcap$/, '.log'), result?.stderr ?? '');
    return record;
  }

  #record({ target, argv, readyLine, startedAt, beacons }: Running, result: CommandResult | null, stoppedAt: Instant): CaptureRecord {
    const kind = target.kind ?? 'full';
    const suffix = `${kind === 'full' ? '' : `-${kind}`}${target.part === undefined ? '' : `-${String(target.part.number).padStart(4, '0')}`}`;
    return {
      phase: this.#phase,
      vantage: target.vantage,
      node: target.node,
      interface: target.interface,
      kind,
      ...(target.part === undefined ? {} : { part: target.part.number }),
      ...limitsOf(target),
      file: `captures/${this.#phase}/${target.vantage}-${target.node ?? 'tap'}-${target.interface}${suffix}.pcap`,
      argv,
      readyLine,
      startedAt,
      stoppedAt,
      exitCode: result?.exitCode ?? null,
      counters: result === null ? null : decodeTcpdumpLog(result.stderr).counters,
      beacons,
    };
  }

  /**
   * One program in each place: send the beacon of each interface, then wait until each is in its file or the limit has passed; 0 for no
   * wait. At the start those that are waited for are repeated until then.
   */
  async #sendBeacons(end: 'start' | 'end', seconds: number): Promise<void> {
    const byPlace = Map.groupBy(this.#running, (running) => running.target.shell.name);
    await Promise.all(
      [...byPlace.values()].map(async (group) => {
        const shell = group[0]!.target.shell;
        const captures = group.flatMap(({ target, beacons, remote }) => [target.interface, beacons[end], remote]);
        const argv = ['perl', '-e', await beacon, '--', String(seconds), String(end === 'start' ? LOOKS : 0), ...captures];
        const result = await shell.run(argv, { timeoutMs: seconds * 1000 + LIMITS_MS.read }).catch(asUnanswered(argv));
        this.#writer.event('beacons', {
          phase: this.#phase,
          end,
          ...partsOf(group.map(({ target }) => target)),
          from: shell.name,
          ...(seconds === 0 ? {} : { seen: result.stdout.trim().split('\n') }),
          said: result.stderr.trim(),
        });
      }),
    );
  }
}

function copyOf({ remote }: Running, folder: string): string {
  return join(folder, basename(remote));
}

/** Files in /tmp of a pod that cannot be reached are removed with the pod. */
async function removeRemote(group: readonly Running[]): Promise<void> {
  const argv = ['rm', '-f', ...group.flatMap(({ remote }) => [remote, `${remote}.piece`])];
  await group[0]?.target.shell.run(argv, { timeoutMs: LIMITS_MS.control, idempotent: true }).catch(asUnanswered(argv));
}

/** A capture's share of the rings, at least tcpdump's default. */
export function ringKib(captures: number): number {
  return Math.max(DEFAULT_RING_KIB, Math.floor(RINGS_KIB / captures));
}

async function startOne(
  writer: RecordingWriter,
  phase: Phase,
  target: CaptureTarget,
  ring: number,
  signal?: AbortSignal,
): Promise<Running> {
  const remote = `/tmp/wirewitness-${randomBytes(6).toString('hex')}.pcap`;
  const { filter, snapLength } = limitsOf(target);
  const options = ['-n', '-Z', 'root', '-i', target.interface, '-s', String(snapLength), '-B', String(ring), '-U', '-w', remote];
  const argv = ['tcpdump', ...options, ...(filter === '' ? [] : [filter])];
  const startedAt = writer.now();
  const bounded = target.part === undefined ? argv : ['sh', '-c', 'ulimit -f $0; exec "$@"', String(blocksOf(target.part)), ...argv];
  const command = await target.shell.start(bounded, signal === undefined ? {} : { signal });
  const readyLine = await command.ready(/listening on /, LIMITS_MS.open).catch((error: Error) => {
    writer.event('capture-not-ready', { phase, capture: label(target), problem: error.message });
    return null;
  });
  const beacons = { start: randomBytes(16).toString('hex'), end: randomBytes(16).toString('hex') };
  return { target, argv, remote, command, readyLine, startedAt, beacons };
}

/**
 * Whether a capture begins up to a second after its `listening on` line. What the kernel has put into its first block by then, libpcap
 * filters once more itself (1.10.3, pcap-linux.c, blocks_to_filter_in_userland), and there no frame is `outbound`; the block ends when it is
 * full or one second old.
 */
function isLate(target: CaptureTarget): boolean {
  return readsDirection(limitsOf(target).filter);
}

/** For the journal: which parts of a long watch are meant. */
function partsOf(targets: readonly CaptureTarget[]): { readonly parts?: readonly string[] } {
  const parts = targets.filter(({ part }) => part !== undefined).map(label);
  return parts.length === 0 ? {} : { parts };
}

function limitsOf({ kind = 'full', part }: CaptureTarget): Pick<CaptureRecord, 'filter' | 'snapLength'> {
  const limits = captureLimits(kind);
  return part === undefined ? limits : { ...limits, filter: part.filter };
}

/** POSIX counts the size of a file in blocks of 512 bytes. */
function blocksOf({ largest }: WatchPart): number {
  return Math.ceil(largest / 512);
}

function label({ node, interface: device, kind = 'full', part }: CaptureTarget): string {
  return captureLabel({ node, interface: device, kind, ...(part === undefined ? {} : { part: part.number }) });
}
