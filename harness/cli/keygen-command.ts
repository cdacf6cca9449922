import { writeFile } from 'node:fs/promises';
import { makeSigningKey } from '../../reports/pack/sign/signing-key.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { defaultKeyPath } from '../run/pack/signing-key-file.ts';

/** `wirewitness keygen`: make a key that signs packs, and print its public half. An existing key is never replaced. */
export async function keygenCommand(path: string | undefined, { public: publicFile }: { public?: string }): Promise<number> {
  const file = path ?? defaultKeyPath();
  try {
    const key = await makeSigningKey(file);
    if (publicFile !== undefined) await writeFile(publicFile, key.publicPem, { flag: 'wx' });
    process.stderr.write(`made ${file} (only its owner can read it); ed25519 key ${key.keyId}\n`);
    process.stdout.write(key.publicPem);
    return EXIT.supports;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw ExitError.usage(code === 'EEXIST' ? `${message}: an existing key is never replaced` : message);
  }
}
