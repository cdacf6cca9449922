import { createReadStream } from 'node:fs';
import { CaptureFormatError } from '../decode/wire/format-error.ts';
import { addressLabeller } from '../judge/ledger/label.ts';
import { accountFor } from '../judge/ledger/ledger.ts';
import { ledgerTable } from './ledger-table.ts';

/** Exit code for an operand that cannot be used. */
const USAGE = 3;

/** Flags of `wirewitness ledger`. */
export interface LedgerFlags {
  readonly json?: boolean;
  readonly podCidr?: readonly string[];
  readonly nodeIp?: readonly string[];
}

/**
 * `wirewitness ledger FILE`: account for every frame of a capture; `-` reads standard input.
 * Returns the exit code: 0, or 3 with a message on standard error when file or flags are not usable.
 */
export async function ledgerCommand(file: string, flags: LedgerFlags): Promise<number> {
  try {
    const label = addressLabeller(flags.podCidr ?? [], flags.nodeIp ?? []);
    const source = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 18 });
    const name = file === '-' ? 'standard input' : file;
    const ledger = await accountFor(source, { file: name });
    process.stdout.write(flags.json ? `${JSON.stringify({ file, ...ledger }, null, 2)}\n` : ledgerTable(name, ledger, label));
    return 0;
  } catch (error) {
    if (!(error instanceof CaptureFormatError || error instanceof RangeError || isSystemError(error))) throw error;
    process.stderr.write(`wirewitness ledger: ${isSystemError(error) ? `${file}: ${error.message}` : error.message}\n`);
    return USAGE;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in error;
}
