/** Prints the stack of an error. */
export const DEBUG_FLAG = '--debug';
