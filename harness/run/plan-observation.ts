import type { EnvironmentClass } from '../model/cluster.ts';
import { DISRUPTIONS, type Disruption, type ScenarioName } from '../model/scenario.ts';
import type { Observation, Watch } from '../record/session.ts';
import { ExitError } from './exit-error.ts';

/** The flags for what happens in a cluster while it is recorded. */
export interface ObservationFlags {
  /** A number with `s`, `m` or `h`. */
  readonly for?: string;
  /** As `for`, for a long watch. */
  readonly watch?: string;
  /** Is told of what a watch finds. */
  readonly alertUrl?: string;
  /** Names joined by commas, as typed. */
  readonly disruptive?: string;
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
const DEFAULT_FOR = '10m';
/** A shorter time shows nothing; in a longer one the headers of all ciphertext exceed the memory of a capture pod. */
const [SHORTEST_MS, LONGEST_MS] = [10_000, 3_600_000];
/** A long watch counts ciphertext and keeps no more than what is not; a week of it has 10,080 readings. */
const LONGEST_WATCH_MS = 7 * 24 * 3_600_000;

/** Readings are a minute apart; each sentinel capture lasts five of them. */
const LONG_WATCH: Watch = { readingMs: 60_000, partMs: 300_000, keptBytes: 1024 ** 3 };

/**
 * How others are observed, by `--for` or `--watch`. @throws ExitError (usage) for an invalid time, a time out of bounds, one without effect,
 * or both
 */
export function planObservation(flags: ObservationFlags, scenario: ScenarioName): Pick<Observation, 'forMs' | 'watch'> {
  if (flags.watch === undefined) return { forMs: observationMs(flags, scenario) };
  if (flags.for !== undefined)
    throw ExitError.usage(`--watch ${flags.watch}: a time already, so --for ${flags.for} has no effect; leave one out`);
  if (scenario !== 'observe' || flags.disruptive !== undefined)
    throw ExitError.usage(`--watch ${flags.watch}: this is for --scenario observe, without --disruptive`);
  const forMs = msOf(flags.watch);
  if (!(forMs >= SHORTEST_MS && forMs <= LONGEST_WATCH_MS))
    throw ExitError.usage(`--watch ${flags.watch}: must be a time from 10s to 168h, for instance 24h`);
  return { forMs, watch: LONG_WATCH };
}

/**
 * Milliseconds for which others are observed. @throws ExitError (usage) for an invalid time, a time out of bounds, or one without effect
 */
function observationMs(flags: ObservationFlags, scenario: ScenarioName): number {
  if (flags.for !== undefined && (scenario !== 'observe' || flags.disruptive !== undefined))
    throw ExitError.usage(`--for ${flags.for}: this is for --scenario observe, without --disruptive`);
  const text = flags.for ?? DEFAULT_FOR;
  const ms = msOf(text);
  if (!(ms >= SHORTEST_MS && ms <= LONGEST_MS))
    throw ExitError.usage(`--for ${text}: must be a time from 10s to 1h, for instance 10m; longer with --watch, which keeps no ciphertext`);
  return ms;
}

/** Who is told of what a watch finds. @throws ExitError (usage), without the address: it may hold a token */
export function alertUrlOf({ alertUrl, watch }: ObservationFlags): URL | undefined {
  if (alertUrl === undefined) return undefined;
  if (watch === undefined) throw ExitError.usage('--alert-url: this is for --watch');
  const url = URL.parse(alertUrl);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw ExitError.usage('--alert-url: must be an http or https address');
  return url;
}

/** NaN for what is no time. */
function msOf(text: string): number {
  const [, number, unit = ''] = /^(\d+)([smh])$/.exec(text) ?? [];
  return Number(number) * (UNITS_MS[unit] ?? Number.NaN);
}

/** What the run changes. @throws ExitError (usage) for an unknown or duplicate name */
export function disruptionsOf({ disruptive }: ObservationFlags): readonly Disruption[] {
  if (disruptive === undefined) return [];
  const words = disruptive.split(',').map((word) => word.trim());
  const wrong = words.find((word, index) => !DISRUPTIONS.some((known) => known === word) || words.indexOf(word) !== index);
  if (wrong !== undefined)
    throw ExitError.usage(`--disruptive ${disruptive}: ${JSON.stringify(wrong)}; each of ${DISRUPTIONS.join(', ')} at most once`);
  return words as Disruption[];
}

/** The scenario of the named changes: for one change its own scenario, for several one common window. */
export function disruptiveScenario(disruptions: readonly Disruption[]): ScenarioName | undefined {
  const [first, ...more] = disruptions;
  return more.length > 0 ? 'observe' : first;
}

/**
 * What may be done to a cluster that other people use: it is observed, and named changes are made only if the user said that it is not
 * production.
 * @param observeOnly nothing is created, so nothing is driven
 * @throws ExitError (usage)
 */
export function refuseToDisturb(
  scenario: ScenarioName,
  { disruptive = '', environment, observeOnly = false }: ObservationFlags & { environment?: EnvironmentClass; observeOnly?: boolean },
  disruptions: readonly Disruption[],
): void {
  const own = disruptiveScenario(disruptions);
  if (scenario !== 'steady' && scenario !== 'observe' && scenario !== own)
    throw ExitError.usage(
      DISRUPTIONS.some((name) => name === scenario)
        ? `--scenario ${scenario}: changes an existing cluster; name it with --disruptive ${scenario}, or observe a change by other people with --scenario observe`
        : `--scenario ${scenario}: this scenario is for the lab and kind; an existing cluster is only observed`,
    );
  if (own !== undefined && scenario === 'steady')
    throw ExitError.usage(`--disruptive ${disruptive}: --scenario steady changes nothing; leave --scenario out`);
  if (own !== undefined && (environment === undefined || environment === 'production-readonly'))
    throw ExitError.usage(
      `--disruptive ${disruptive}: refused in a cluster of production; say --environment ephemeral-test or pre-production if it is one`,
    );
  if (scenario !== 'steady' && observeOnly)
    throw ExitError.usage(`--scenario ${scenario}: needs pods that send and captures, and --observe-only creates nothing`);
}
