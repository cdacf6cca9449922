/** A Cilium release. */
export interface Release {
  readonly major: number;
  readonly minor: number;
  /** 0 where the version names none. */
  readonly patch: number;
}

/** @throws RangeError for what is no version, or older than the oldest that is supported */
export function parseRelease(version: string): Release {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?(-[\w.]+)?$/.exec(version);
  const [major, minor, patch] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 0)];
  if (match === null) throw new RangeError(`${JSON.stringify(version)} is no Cilium version`);
  if (major !== 1 || minor < OLDEST_MINOR)
    throw new RangeError(`Cilium ${version} is older than 1.${OLDEST_MINOR}, the oldest whose installation is known here`);
  return { major, minor, patch };
}

const OLDEST_MINOR = 14;
