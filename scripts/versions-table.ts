import { STACK_TITLES, STACKS } from '../harness/model/intent.ts';
import { stackOf } from '../harness/stacks/stack-of.ts';

/** Values of a part of a profile, by origin. */
function origins(part: unknown): { recorded: number; documented: number } {
  const text = JSON.stringify(part);
  const count = (source: string): number => text.split(`"source":"${source}"`).length - 1;
  return { recorded: count('recorded'), documented: count('documented') };
}

/** Every profile as the table of docs/versions.md. */
export function versionsTable(): string {
  const rows = STACKS.flatMap((stack) => {
    const { profiles, enrolment } = stackOf({ stack });
    return profiles.map((profile) => {
      const cell = (part: unknown): string => {
        if (part === null) return 'has none';
        const { recorded, documented } = origins(part);
        return `${recorded} seen, ${documented} read`;
      };
      const seen = profile.seen.map(({ mode, routing, agent }) => `${mode} ${routing} (${agent})`).join('; ') || 'not yet';
      const lab = enrolment === undefined && (stack !== 'cilium' || profile.agent !== null) ? 'yes' : 'no';
      return `| ${STACK_TITLES[stack]} | \`${profile.id}\` | ${profile.title} | ${cell(profile.ipsec)} | ${cell(profile.wireguard)} | ${cell(profile.tls ?? null)} | ${seen} | ${lab} |`;
    });
  });
  return [
    '| stack | profile | from | IPsec: values | WireGuard: values | TLS: values | as a whole seen right on | the lab lays it out |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
