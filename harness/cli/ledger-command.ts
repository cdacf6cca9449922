import { CaptureFormatError } from '../decode/wire/format-error.ts';
import { addressLabeller } from '../judge/ledger/label.ts';
import type { Ledger } from '../model/ledger.ts';
import { ledgerOfFile, ledgerOfStream } from '../run/ledger/ledger-of-file.ts';
import { encryptedFlowsTable, ledgerTable } from './ledger-table.ts';

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
    const name = file === '-' ? 'standard input' : file;
    const { ledger, above } = await (file === '-' ? ledgerOfStream(process.stdin, name) : ledgerOfFile(file));
    const json = () => `${JSON.stringify({ ...publicLedger(file, ledger), ...above }, null, 2)}\n`;
    process.stdout.write(flags.json ? json() : `${ledgerTable(name, ledger, label)}${encryptedFlowsTable(above, label)}`);
    return 0;
  } catch (error) {
    if (!(error instanceof CaptureFormatError || error instanceof RangeError || isSystemError(error))) throw error;
    process.stderr.write(`wirewitness ledger: ${isSystemError(error) ? `${file}: ${error.message}` : error.message}\n`);
    return USAGE;
  }
}

/** The documented JSON: only the documented fields, in the documented order. */
function publicLedger(file: string, ledger: Ledger): Record<string, unknown> {
  return {
    file,
    format: ledger.format,
    frames: ledger.frames,
    bytes: ledger.bytes,
    wireBytes: ledger.wireBytes,
    truncatedTail: ledger.truncatedTail,
    classes: ledger.classes,
    esp: ledger.esp,
    wireguard: ledger.wireguard.map(({ src, dst, type, frames }) => ({ src, dst, type, frames })),
    flows: ledger.flows.map(({ src, dst, protocol, sport, dport, class: frameClass, frames, bytes }) => ({
      src,
      dst,
      protocol,
      sport,
      dport,
      class: frameClass,
      frames,
      bytes,
    })),
  };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in error;
}
