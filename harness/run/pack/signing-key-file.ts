import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadSigningKey, makeSigningKey, type SigningKey } from '../../../reports/pack/sign/signing-key.ts';
import { ExitError } from '../exit-error.ts';

/** Default path of the user's key. */
export function defaultKeyPath(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CONFIG_HOME: config } = environment;
  return join(config === undefined || config === '' ? join(homedir(), '.config') : config, 'wirewitness', 'signing-key.pem');
}

export interface KeyFile {
  readonly path: string;
  readonly key: SigningKey;
  /** It did not exist and was created now. */
  readonly made: boolean;
}

/**
 * The signing key in a file, created at first use with mode 0600.
 * @param named `--key`; default the user's key
 * @throws ExitError (usage) when the file cannot be read or created, or is not an Ed25519 private key
 */
export async function signingKeyFile(named?: string): Promise<KeyFile> {
  const path = named ?? defaultKeyPath();
  try {
    return { path, key: await loadSigningKey(path), made: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw ExitError.usage(message(error, path));
  }
  try {
    return { path, key: await makeSigningKey(path), made: true };
  } catch (error) {
    throw ExitError.usage(message(error, path));
  }
}

function message(error: unknown, path: string): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.includes(path) ? text : `${path}: ${text}`;
}
