import * as z from 'zod';
import type { Data } from './data.ts';

/** Names of the keys of a recording under a secret of the user, so that keys of several runs can be compared. Only where a run has that secret. */
export const COMPARABLE_KEYS_FILE = 'comparable-keys.json';

/** 128 bits, hexadecimal: two keys never have one by chance. */
const nameSchema = z.string().regex(/^[0-9a-f]{32}$/, 'is no name of a key');

export const comparableKeysSchema = z.object({
  schema: z.literal(1),
  /** Name of the user's secret: only names under one secret can be compared. */
  under: nameSchema,
  /** By keyed fingerprint of the run. Keys that anybody guesses, and keys below 128 bits, have none. */
  keys: z.record(z.string(), nameSchema),
});

/** The keys of a run as other runs can be held against them. Contains no key. */
export const comparedKeysSchema = z.object({
  /** Name of the user's secret, or {@link PUBLIC_KEYS}. */
  under: z.union([nameSchema, z.literal('public')]),
  names: z.array(nameSchema).max(256),
  /** Further keys that are not named. */
  more: z.int().min(0),
});
export type ComparedKeys = Data<typeof comparedKeysSchema>;

/** What public keys of WireGuard are named under: SHA-256 needs no secret there. */
export const PUBLIC_KEYS = 'public';
/** The most names that a run hands over: the key of the Secret is always one of them. */
export const COMPARED_KEYS = 256;
