import { type Command, Option } from 'commander';
import { FLEET_FORMATS } from './report-formats.ts';

/** Help text of `--key` for commands that sign. */
export const SIGNING_KEY = "Ed25519 private key that signs (PKCS#8 PEM); made at first use with mode 0600 (default: the user's own)";

/** The commands about evidence packs. Their exit codes do not depend on the verdict. */
export function addPack(root: Command): void {
  packOptions(
    root
      .command('pack <folder>')
      .description('write a judged recording as one signed file that anybody can verify')
      .option('--out <file>', 'the archive (default: wirewitness-<run>.tar.gz in the folder)')
      .option('--controls <file>', 'check the evidence against a further framework of controls; may be repeated', collect, [])
      .option('--advisories <folder>', 'check the run against further published advisories; may be repeated', collect, [])
      .option('--waivers <file>', 'exceptions with owner, reason and expiry, shown in every output; they change no verdict')
      .option('--baseline <file>', 'an earlier report.json: the page shows what changed since')
      .option('--config <file>', 'the declared scope from a file (default: wirewitness.yaml if it exists)')
      .option('--json', 'print what was packed as JSON'),
  )
    .addHelpText(
      'after',
      '\nExit codes: 0 packed, 1 not packed because something is or looks like a secret, 2 the recording is damaged or differs from report.json, 3 wrong usage.',
    )
    .action(async (folder, flags) => {
      const { packCommand } = await import('./pack-command.ts');
      process.exitCode = await packCommand(folder, flags);
    });
  root
    .command('verify <file>')
    .description('check every byte and the signature of a pack; needs no network and no cluster')
    .option('--key <file>', "the signer's public key (PEM), which you got from the signer; without it the signer is unknown")
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExit codes: 0 valid, 1 refused, 3 wrong usage.')
    .action(async (file, flags) => {
      const { verifyCommand } = await import('./verify-command.ts');
      process.exitCode = await verifyCommand(file, flags);
    });
  root
    .command('history <folder>')
    .description('check the chain of earlier runs, and show trend, gaps and changes of the cryptography')
    .option('--key <file>', 'public key that may have signed; may be repeated', collect, [])
    .option('--head <digest>', 'SHA-256 of a line that must exist; detects that later lines were removed')
    .option('--sign-with <file>', 'with --next-key: the private key that signed until now')
    .option('--next-key <file>', 'with --sign-with: the private key that signs from the next line on')
    .option('--every-hours <number>', 'how often a run is due (default: the usual distance)')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExit codes: 0 the history is valid, 1 it was changed, 3 wrong usage.')
    .action(async (folder, flags) => {
      const { historyCommand } = await import('./history-command.ts');
      process.exitCode = await historyCommand(folder, flags);
    });
  root
    .command('fleet <folders...>')
    .description('the latest run of each claim in many histories, the worst first')
    .addOption(new Option('--format <format>', 'what to print').choices(FLEET_FORMATS).default('console'))
    .option('--out <file>', 'write it there')
    .option('--key <file>', 'public key that may have signed; may be repeated', collect, [])
    .option('--every-hours <number>', 'how often a run is due; what is overdue is inconclusive (default: nothing is)')
    .addHelpText(
      'after',
      '\nExit codes: 0 all support, 1 one contradicts or its history was changed, 2 one is inconclusive, 3 wrong usage.',
    )
    .action(async (folders, flags) => {
      const { fleetCommand } = await import('./fleet-command.ts');
      process.exitCode = await fleetCommand(folders, flags);
    });
  root
    .command('keygen [file]')
    .description("make a key that signs packs (default: the user's own, ~/.config/wirewitness/signing-key.pem)")
    .option('--public <file>', 'also write the public key to this file')
    .action(async (file, flags) => {
      const { keygenCommand } = await import('./keygen-command.ts');
      process.exitCode = await keygenCommand(file, flags);
    });
}

/** What `pack` and `run --pack` share. */
export function packOptions(command: Command): Command {
  return command
    .option('--key <file>', SIGNING_KEY)
    .option('--full-captures', 'keep captures whole instead of cutting payload to headers')
    .option('--timestamp-url <url>', 'get an RFC 3161 time stamp for the pack from this authority, saved beside it as .tsr');
}

/** What `run` and `assess` share: the history of runs, and the key that signs it. */
export function historyOptions(command: Command): Command {
  return command
    .option('--history <folder>', 'append the signed summary of each run to the history in this folder')
    .option('--keep-days <number>', 'remove lines of the history that are older than the newest by more than this');
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
