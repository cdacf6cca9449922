/** A recording that was changed or cannot be read: names the folder, the file, and what is wrong with it. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly recording: string;
  readonly file: string | null;

  constructor(recording: string, file: string | null, problem: string) {
    super(`recording ${recording}${file === null ? '' : `, file ${file}`}: ${problem}`);
    this.recording = recording;
    this.file = file;
  }
}
