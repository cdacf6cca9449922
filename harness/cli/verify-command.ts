import type { KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { PackRefusal } from '../../reports/pack/refusal.ts';
import { publicKeyOf } from '../../reports/pack/sign/signing-key.ts';
import { verifyPack } from '../../reports/pack/verify/verify-pack.ts';
import { oneLine, printableJson } from '../../reports/printable.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';

/** `wirewitness verify`: exit code 0 for a valid pack, 1 for a refused one, 3 for wrong usage. */
export async function verifyCommand(file: string, { key, json = false }: { key?: string; json?: boolean }): Promise<number> {
  const trusted = key === undefined ? null : await readKey(key);
  const found = await stat(file).catch((error: Error) => {
    throw ExitError.usage(`${file}: ${error.message}`);
  });
  if (!found.isFile()) throw ExitError.usage(`${file}: is not a file`);
  try {
    const pack = await verifyPack(file, trusted);
    const text = [
      `${pack.signerChecked ? 'verified' : 'intact, signer not checked'}: ${oneLine(file)}`,
      `  run ${pack.run} (${pack.environmentClass}), verdict: ${pack.verdict}`,
      `  ${pack.files} files, ${pack.bytes} bytes, as they were signed by ed25519 key ${pack.keyId}`,
      ...(pack.signerChecked
        ? []
        : ['  That key came with the pack. Give the key that you got from the signer with --key to know who signed it.']),
    ];
    process.stdout.write(json ? `${printableJson({ file, verified: true, ...pack })}\n` : `${text.join('\n')}\n`);
    return EXIT.supports;
  } catch (error) {
    if (!(error instanceof PackRefusal)) throw error;
    const refused = { file, verified: false, subject: error.subject, reason: error.message };
    if (json) process.stdout.write(`${printableJson(refused)}\n`);
    else process.stdout.write(`refused: ${oneLine(file)}\n  ${error.message}\n`);
    return EXIT.contradicts;
  }
}

async function readKey(path: string): Promise<KeyObject> {
  try {
    return publicKeyOf(await readFile(path, 'utf8'), path);
  } catch (error) {
    throw ExitError.usage(`--key ${(error as Error).message}`);
  }
}
