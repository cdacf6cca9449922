/** Frames that were cut out of a capture, in a file beside the report. */
export interface LeakFile {
  /** `leak-1.pcap`. */
  readonly file: string;
  /** The capture inside the recording they are of. */
  readonly capture: string;
  readonly frames: readonly {
    /** Number in the capture. */
    readonly frame: number;
    /** Number in this file. */
    readonly at: number;
    /** First bytes of the frame, payload overwritten. */
    readonly hex: string;
  }[];
}
