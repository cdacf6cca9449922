/** Unix milliseconds of `date +%s.%N`, `date +%s` or an ISO 8601 time; null when it is none of them. */
export function clockOf(text: string): number | null {
  const line = text.trim();
  if (/^\d{9,11}(\.\d+)?$/.test(line)) return Number(line) * 1000;
  const parsed = /^\d{4}-\d\d-\d\dT/.test(line) ? Date.parse(line) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

/** Lines that are not blank. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
