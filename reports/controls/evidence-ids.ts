/** Ids of evidence by path inside the pack: `recording/commands/…` to `EV-017`. */
export type EvidenceIds = ReadonlyMap<string, string>;

/**
 * The id that a pack gave to a file of the recording.
 *
 * @param path inside the recording
 * @throws RangeError when there is none: the reference would be invalid
 */
export function evidenceIdOf(path: string, ids: EvidenceIds): string {
  const id = ids.get(`recording/${path}`);
  if (id === undefined) throw new RangeError(`the pack has no evidence id for recording/${path}`);
  return id;
}
