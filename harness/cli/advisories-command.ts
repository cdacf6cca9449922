import { type AdvisorySubject, appliesTo } from '../judge/advisories/applies.ts';
import { advice, fixedReleases } from '../judge/advisories/compare-advisories.ts';
import type { Advisory, Applicability } from '../model/advisory.ts';
import type { StackName } from '../model/intent.ts';
import type { Mode, Routing } from '../model/mode.ts';
import { releaseOf } from '../model/release.ts';
import { loadAdvisories } from '../run/advisories/load-advisories.ts';
import { configFor } from '../run/config/load-config.ts';
import { ExitError } from '../run/exit-error.ts';

export interface AdvisoriesFlags {
  readonly version?: string;
  readonly kernel?: string;
  readonly stack?: StackName;
  readonly mode?: Mode;
  readonly routing?: Routing;
  readonly families?: string;
  readonly nodeEncryption?: boolean;
  readonly advisories?: readonly string[];
  readonly config?: string;
  readonly json?: boolean;
}

/**
 * `wirewitness advisories`: the published leaks: all, or those of a version and a configuration. It needs no cluster, so it does not say
 * whether one was seen.
 */
export async function advisoriesCommand(flags: AdvisoriesFlags): Promise<number> {
  const config = await configFor(flags.config);
  const all = await loadAdvisories([...(config.advisories ?? []), ...(flags.advisories ?? [])]);
  const subject = subjectOf(flags);
  const rows = all.map((advisory) => ({ advisory, applies: subject === null ? null : appliesTo(advisory, subject) }));
  const shown = rows.filter(({ applies }) => applies?.state !== 'not-affected');
  if (flags.json === true) {
    process.stdout.write(
      `${JSON.stringify(
        rows.map(({ advisory, applies }) => ({ ...advisory, applies })),
        null,
        2,
      )}\n`,
    );
    return 0;
  }
  for (const row of shown) process.stdout.write(`${lines(row.advisory, row.applies).join('\n        ')}\n`);
  process.stdout.write(
    subject === null
      ? `${rows.length} are known; --version, --kernel, --mode and --routing select those that apply to a cluster\n`
      : `${shown.length} of ${rows.length} apply or may apply to what the flags describe\n`,
  );
  return 0;
}

/** The cluster that the flags describe; null without such flags. @throws ExitError (usage) for a text that is not a version */
function subjectOf({
  version,
  kernel,
  stack = 'cilium',
  mode,
  routing,
  families,
  nodeEncryption,
}: AdvisoriesFlags): AdvisorySubject | null {
  for (const [flag, value] of [['--version', version] as const, ['--kernel', kernel] as const])
    if (value !== undefined && releaseOf(value) === null) throw ExitError.usage(`${flag} ${value}: is not a release such as 1.16.2`);
  const said = [version, kernel, mode, routing, families, nodeEncryption];
  if (said.every((value) => value === undefined)) return null;
  const place = (text: string | undefined) => (text === undefined ? [] : [{ place: 'as said', version: text }]);
  const parts = families?.split(',').map((part) => part.trim());
  const known = parts?.filter((part) => part === 'ipv4' || part === 'ipv6');
  if (known?.length !== parts?.length) throw ExitError.usage(`--families ${families}: must be ipv4, ipv6, or ipv4,ipv6`);
  return {
    claim: {
      ...(mode === undefined ? {} : { mode }),
      ...(routing === undefined ? {} : { routing }),
      ...(known === undefined ? {} : { families: known }),
      ...(nodeEncryption === undefined ? {} : { nodeEncryption }),
    },
    versions: { [stack]: place(version), ...(kernel === undefined ? {} : { linux: place(kernel) }) },
    option: () => [],
  };
}

function lines(advisory: Advisory, applies: Applicability | null): string[] {
  const { id, aliases, component, title, observable, checks, faults, notImitated, links } = advisory;
  return [
    `${[id, ...aliases].join(' ')}  ${title}`,
    ...(applies === null ? [`of ${component}: ${rangesOf(advisory)}`] : [`${applies.state}: ${applies.reason}`]),
    advice(advisory, fixedReleases(advisory)),
    `look for: ${observable}`,
    `checks ${checks.join(', ')} · ${faults.length > 0 ? `imitated by ${faults.join(', ')}` : `not imitated: ${notImitated}`}`,
    links.join(' '),
    '',
  ];
}

/** The affected releases as text. */
function rangesOf({ affected }: Advisory): string {
  if (affected.length === 0) return 'by design, or no release is named';
  return affected
    .map(({ from, fixed, routings }) => {
      const range = [...(from === undefined ? [] : [`from ${from}`]), fixed === null ? 'no fix is named' : `before ${fixed}`].join(', ');
      return routings === undefined ? range : `${range} (${routings.join(', ')})`;
    })
    .join('; ');
}
