import type { CellResult, CheckOutcome } from '../model/selftest.ts';

/** The result of a cell on one line: `L03 ipsec 1.18 vxlan: passed in 11.2 s: caught WIR-01 XFR-06, implied WIR-02`. */
export function cellLine({ cell, state, checks, reason, seconds, rebooted }: CellResult): string {
  const told = (['missed', 'false-alarm', 'caught', 'implied'] as const).flatMap((outcome) => {
    const ids = checks.filter((check) => check.outcome === outcome).map(({ id }) => id);
    return ids.length === 0 ? [] : [`${WORDS[outcome]} ${ids.join(' ')}`];
  });
  const detail = [...told, reason].filter((part) => part !== '').join('; ');
  const unclean = rebooted === '' ? '' : ` (the lab is booted again: ${rebooted})`;
  return `${cell.id}: ${state} in ${seconds.toFixed(1)} s${detail === '' ? '' : `: ${detail}`}${unclean}`;
}

const WORDS: Readonly<Record<Exclude<CheckOutcome, 'quiet'>, string>> = {
  missed: 'MISSED',
  'false-alarm': 'FALSE ALARM',
  caught: 'caught',
  implied: 'implied',
};
