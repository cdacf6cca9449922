/** kind, Docker or an image is missing or failed; the message says which, and the command that mends it where there is one. */
export class KindError extends Error {
  override readonly name = 'KindError';
}
