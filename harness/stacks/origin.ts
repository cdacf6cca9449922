import type { Sourced } from './profile.ts';

/** A value seen on a real agent; `document` says which. */
export function recorded<T>(value: T, document: string): Sourced<T> {
  return { value, source: 'recorded', document };
}

/** A value read in documentation or source; `document` says where. */
export function documented<T>(value: T, document: string): Sourced<T> {
  return { value, source: 'documented', document };
}

/** Marks every value of a part of a profile as read, not seen, because that version was not recorded. `document` replaces the source. */
export function asDocumented<T>(part: T, document?: string): T {
  if (Array.isArray(part)) return part.map((item: unknown) => asDocumented(item, document)) as T;
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]: [string, unknown]) => {
    if (key === 'source' && value === 'recorded') return [key, 'documented'];
    return [key, key === 'document' && document !== undefined ? document : asDocumented(value, document)];
  });
  return Object.fromEntries(entries) as T;
}
