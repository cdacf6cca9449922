import type { KeyPattern } from '../harness/model/key-patterns.ts';

/** What a pattern says about a key. The key itself is never shown. */
export const KEY_PATTERN_WORDS: Readonly<Record<Exclude<KeyPattern, 'none'>, string>> = {
  'all-zero': 'is all zeros',
  repeated: 'is one part that repeats',
  counting: 'is a sequence of bytes that count up or down',
  published: 'is published in tests or documentation',
};
