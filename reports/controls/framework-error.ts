/** A file of controls, or the declared scope, that cannot be used: one line for each mistake, with the file and the place. */
export class FrameworkError extends Error {
  override name = 'FrameworkError';
}
