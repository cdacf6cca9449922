/** A Cilium release. */
export interface Release {
  readonly major: number;
  readonly minor: number;
  /** 0 if the version has none. */
  readonly patch: number;
}

/** @throws RangeError for text that is not a version, or a version older than the oldest supported one */
export function parseRelease(version: string): Release {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?(-[\w.]+)?$/.exec(version);
  const [major, minor, patch] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 0)];
  if (match === null) throw new RangeError(`${JSON.stringify(version)} is not a Cilium version`);
  if (major !== 1 || minor < OLDEST_MINOR)
    throw new RangeError(`Cilium ${version} is older than 1.${OLDEST_MINOR}, the oldest version that can be installed`);
  return { major, minor, patch };
}

const OLDEST_MINOR = 14;
