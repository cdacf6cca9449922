/** Frames that were copied from a capture into a file beside the report. */
export interface LeakFile {
  /** `leak-1.pcap`. */
  readonly file: string;
  /** Path of the capture in the recording. */
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
