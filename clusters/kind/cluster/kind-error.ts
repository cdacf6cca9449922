import { EnvironmentError } from '../../../harness/model/environment-error.ts';

/** kind, Docker or an image is missing or failed; the message says which, and the command that fixes it if there is one. */
export class KindError extends EnvironmentError {
  override readonly name = 'KindError';
}
