import type { CiliumProfile } from '../../profile.ts';
import { cilium16 } from './cilium-1.6.ts';
import { cilium114 } from './cilium-1.14.ts';
import { cilium115 } from './cilium-1.15.ts';
import { cilium116 } from './cilium-1.16.ts';
import { cilium117 } from './cilium-1.17.ts';
import { cilium118 } from './cilium-1.18.ts';
import { cilium119 } from './cilium-1.19.ts';
import { cilium120 } from './cilium-1.20.ts';

/** Every known profile, oldest first. */
export const profiles: readonly CiliumProfile[] = [cilium16, cilium114, cilium115, cilium116, cilium117, cilium118, cilium119, cilium120];

/** The minor version: `1.16` for `1.16` and `v1.16.2`; null when the text is not a version. */
export function minorOf(version: string): string | null {
  const match = /^v?(\d+)\.(\d+)(?:\.\d+)?(?:[-+][\w.+-]+)?$/.exec(version.trim());
  return match === null ? null : `${match[1]}.${match[2]}`;
}

/** The profile of a Cilium version. Null for a version without one: the profile of a neighbouring version is never used. */
export function profileFor(version: string): CiliumProfile | null {
  const minor = minorOf(version);
  return profiles.find(({ id }) => id === minor) ?? null;
}
