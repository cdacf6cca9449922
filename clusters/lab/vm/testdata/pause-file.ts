/** A file in the machine's folder: when it appears, the stand-in for QEMU pauses its guest. */
export const PAUSE_FILE = 'pause-now';
