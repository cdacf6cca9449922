import { resolve } from 'node:path';
import type { SigningKey } from '../../reports/pack/sign/signing-key.ts';
import type { Advisory } from '../model/advisory.ts';
import { assess, recordingFolderOf } from '../run/assess.ts';
import { type DeclaredFlags, declaredControls } from '../run/declared-controls.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { Interruption } from '../run/interruption.ts';
import { type PackedRecording, packRecording } from '../run/pack/pack-recording.ts';
import { SecretFoundError } from '../run/pack/search-secrets.ts';
import { type KeyFile, signingKeyFile } from '../run/pack/signing-key-file.ts';
import { stampPack } from '../run/pack/stamp-pack.ts';
import type { PageExtraFlags } from '../run/page-extras.ts';
import { refuseInside } from '../run/refuse-inside.ts';
import type { ReportsWriter } from '../run/reports-writer.ts';
import { reportsWriter } from '../run/reports-writer.ts';

/** Flags that `pack` and `run --pack` share. */
export interface PackFlags {
  readonly key?: string;
  readonly fullCaptures?: boolean;
  readonly timestampUrl?: string;
}

/** `wirewitness pack`: write a judged recording as one signed file. Exit code 1 if something in it looks like a secret. */
export async function packCommand(
  folder: string,
  flags: PackFlags & DeclaredFlags & Pick<PageExtraFlags, 'baseline'> & { out?: string; json?: boolean },
): Promise<number> {
  const controls = await declaredControls(flags);
  const { advisories } = controls;
  const reports = reportsWriter(controls, flags);
  await refuseInside(await recordingFolderOf(resolve(folder)), { '--key': flags.key, '--out': flags.out });
  const file = await signingKeyFile(flags.key);
  announceKey(file);
  const packed = await pack(folder, file.key, { reports, advisories }, flags, flags.out);
  if (flags.json === true) {
    const { run, verdict, evidence } = packed.manifest;
    const about = {
      file: packed.file,
      bytes: packed.bytes,
      sha256: packed.sha256,
      run: run.id,
      verdict,
      evidence: evidence.length,
      keyId: file.key.keyId,
    };
    process.stdout.write(`${JSON.stringify(about, null, 2)}\n`);
  } else process.stdout.write(packLine(packed, file.key));
  return EXIT.supports;
}

/** Print on standard error which key was made; nothing for an existing key. */
export function announceKey({ path, key, made }: KeyFile): void {
  if (made)
    process.stderr.write(
      `made the signing key ${path} (only its owner can read it); its public key, for those who verify:\n${key.publicPem}`,
    );
}

/** Pack and, if asked, have it time-stamped. @throws ExitError (contradicts) for what looks like a secret */
export async function pack(
  folder: string,
  key: SigningKey,
  { reports, advisories }: { readonly reports: ReportsWriter; readonly advisories: readonly Advisory[] },
  flags: PackFlags,
  out?: string,
): Promise<PackedRecording> {
  const { fullCaptures = false, timestampUrl } = flags;
  using interruption = new Interruption();
  const { signal } = interruption;
  try {
    const packed = await packRecording({
      folder,
      key,
      reports,
      judge: (recording) => assess(recording, advisories, { signal }),
      fullCaptures,
      signal,
      progress: (line) => process.stderr.write(`pack: ${line}\n`),
      ...(out === undefined ? {} : { out }),
    });
    if (timestampUrl !== undefined) process.stderr.write(`pack: time stamp in ${await stampPack(packed.file, timestampUrl)}\n`);
    return packed;
  } catch (error) {
    if (error instanceof SecretFoundError) throw new ExitError(EXIT.contradicts, error.message);
    throw error;
  }
}

/** The lines that are printed when a pack is written. */
export function packLine({ file, bytes, sha256, manifest }: PackedRecording, key: SigningKey): string {
  return `Pack  ${file}\n      ${manifest.evidence.length} pieces of evidence, ${bytes} bytes, SHA-256 ${sha256}\n      signed by ed25519 key ${key.keyId}\n`;
}
