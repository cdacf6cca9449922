/** A whole number with thin spaces between thousands; independent of the locale. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, '\u{2009}');
}

/** Milliseconds since the run began as `+12.410 s`. */
export function offset(milliseconds: number): string {
  return `+${(milliseconds / 1000).toFixed(3)}\u{a0}s`;
}
