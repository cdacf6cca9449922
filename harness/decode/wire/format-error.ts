/** The bytes cannot be read as a capture file from `offset`. Has the file name that the caller gave. */
export class CaptureFormatError extends Error {
  override name = 'CaptureFormatError' as const;
  readonly file: string;
  /** Byte offset in the file at which reading had to stop. */
  readonly offset: number;
  readonly reason: string;

  constructor(file: string, offset: number, reason: string) {
    super(`${file}: not readable as a capture at byte ${offset}: ${reason}`);
    this.file = file;
    this.offset = offset;
    this.reason = reason;
  }
}
