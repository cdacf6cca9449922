import { oneLine } from '../printable.ts';

/**
 * Why a pack is refused: names the file or header, or the byte of the archive where it stands. Text of the pack is untrusted: both texts
 * are one line without control and direction characters.
 */
export class PackRefusal extends Error {
  override readonly name = 'PackRefusal';
  /** The subject: a path inside the pack, `header of PATH`, `end of the archive`, `compression`. */
  readonly subject: string;

  constructor(subject: string, problem: string) {
    super(oneLine(`${subject}: ${problem}`));
    this.subject = oneLine(subject);
  }
}
