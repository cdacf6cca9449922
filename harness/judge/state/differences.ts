/** An expectation of a field: the reason why a value is not expected, or null. */
export type FieldRule<V> = (value: V | undefined) => string | null;

/**
 * The expectations of an object, field by field. It names every field of the object, so that a new field of a decoder does not compile
 * until it is handled here.
 */
export type Expectation<T extends object> = { readonly [K in keyof Required<T>]: FieldRule<NonNullable<T[K]>> };

/** Every field that is not as expected, as a text: `proto is udp, expected none`. */
export function differences<T extends object>(item: T, expected: Expectation<T>): string[] {
  const found: string[] = [];
  for (const [field, rule] of Object.entries(expected) as [keyof T & string, FieldRule<unknown>][]) {
    const why = rule(item[field]);
    if (why !== null) found.push(`${field} is ${print(item[field])}, expected ${why}`);
  }
  return found;
}

/** Not relevant for the claim, or judged by another check. */
export const anything: FieldRule<unknown> = () => null;

/** The field limits the scope of the object or changes its effect: a healthy object does not have it. */
export const absent: FieldRule<unknown> = (value) => (value === undefined ? null : 'none');

/** A list that must be empty or absent. */
export const empty: FieldRule<readonly unknown[]> = (value) => (value === undefined || value.length === 0 ? null : 'none');

/** One of some values. */
export function oneOf<V>(...values: readonly (V | undefined)[]): FieldRule<V> {
  return (value) => (values.includes(value) ? null : values.map(print).join(' or '));
}

/** A value with a condition. */
export function such<V>(holds: (value: V | undefined) => boolean, expected: string): FieldRule<V> {
  return (value) => (holds(value) ? null : expected);
}

function print(value: unknown): string {
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(print).join(' ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${print(part)}`)
    .join(' ');
}
