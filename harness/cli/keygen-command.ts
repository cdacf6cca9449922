import { open, rm } from 'node:fs/promises';
import { makeSigningKey } from '../../reports/pack/sign/signing-key.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { defaultKeyPath } from '../run/pack/signing-key-file.ts';

/** `wirewitness keygen`: make a key that signs packs, and print its public key. An existing key is never replaced. */
export async function keygenCommand(path: string | undefined, { public: publicFile }: { public?: string }): Promise<number> {
  const file = path ?? defaultKeyPath();
  try {
    // The public file is created first, so that no private key is left if it cannot be written.
    await using half = publicFile === undefined ? null : await open(publicFile, 'wx');
    const key = await makeSigningKey(file).catch(async (error: unknown) => {
      if (publicFile !== undefined) await rm(publicFile);
      throw error;
    });
    await half?.writeFile(key.publicPem);
    process.stderr.write(`made ${file} (only its owner can read it); ed25519 key ${key.keyId}\n`);
    process.stdout.write(key.publicPem);
    return EXIT.supports;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw ExitError.usage(code === 'EEXIST' ? `${message}: an existing key is never replaced` : message);
  }
}
