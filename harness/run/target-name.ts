/** Providers of clusters by name. */
export const TARGETS = ['lab', 'kind', 'existing'] as const;

export type TargetName = (typeof TARGETS)[number];
