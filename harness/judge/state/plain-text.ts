/** Unix milliseconds of `date +%s.%N`, `date +%s` or an ISO 8601 time; null when it is none of them. */
export function clockOf(text: string): number | null {
  const line = text.trim();
  if (/^\d{9,11}(\.\d+)?$/.test(line)) return Number(line) * 1000;
  const parsed = /^\d{4}-\d\d-\d\dT/.test(line) ? Date.parse(line) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

/** The agent's version of `cilium-dbg version`: the daemon's line, else the client's; null when there is none. */
export function versionOf(text: string): string | null {
  const lines = text.split('\n');
  const line = lines.find((l) => /^\s*Daemon:/.test(l)) ?? lines.find((l) => /\d+\.\d+\.\d+/.test(l)) ?? '';
  return /v?\d+\.\d+\.\d+(?:-[\w.]+)?/.exec(line)?.[0] ?? null;
}

/** Lines that are not blank. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
