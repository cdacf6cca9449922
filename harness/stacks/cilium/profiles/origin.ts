import type { Sourced } from './profile.ts';

/** A value seen on a real agent; `document` says which. */
export function recorded<T>(value: T, document: string): Sourced<T> {
  return { value, source: 'recorded', document };
}

/** A value read in documentation or source; `document` says where. */
export function documented<T>(value: T, document: string): Sourced<T> {
  return { value, source: 'documented', document };
}
