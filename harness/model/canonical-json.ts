/**
 * JSON whose bytes depend only on the value: object keys sorted by UTF-16 code units as in RFC 8785, two-space indent, one line end.
 * @throws TypeError naming the place of a value JSON cannot carry
 */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(sorted(value, '$'), null, 2)}\n`;
}

function sorted(value: unknown, place: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => sorted(item, `${place}[${index}]`));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item, `${place}.${key}`)]));
  }
  const carried = value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
  if (!carried) throw new TypeError(`${place} is ${String(value)}, which JSON cannot carry`);
  return value;
}
