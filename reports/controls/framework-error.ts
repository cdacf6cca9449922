/** A file of controls, or a declared scope, is invalid: one line for each mistake, with the file and the place. */
export class FrameworkError extends Error {
  override name = 'FrameworkError';
}
