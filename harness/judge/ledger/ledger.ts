import { CaptureParser } from '../../decode/wire/capture.ts';
import { MirrorFilter } from '../../decode/wire/mirror.ts';
import type { DissectOptions } from '../../decode/wire/options.ts';
import type { Ledger } from '../../model/ledger.ts';
import { Accountant, type DissectedFrameVisitor } from './accountant.ts';
import { EspAccounts } from './esp-accounts.ts';

/** How to read a capture. */
export interface LedgerOptions extends DissectOptions {
  /** Name of the capture for messages; default `capture`. */
  readonly file?: string;
}

/** A ledger made without the second copy of each frame. */
export interface MirroredLedger {
  readonly ledger: Ledger;
  /** Number of copies left out: every frame came twice, as at a mirror port. 0 for any other capture. */
  readonly copies: number;
}

/**
 * Read a capture once: every frame into the ledger and, if asked, past a visitor. An early fragment is shown to the visitor
 * as `unknown`; the ledger corrects its class when the first fragment comes.
 * @throws CaptureFormatError
 */
export async function examineCapture(
  source: AsyncIterable<Uint8Array>,
  options: LedgerOptions = {},
  onFrame?: DissectedFrameVisitor,
): Promise<Ledger> {
  const accountant = new Accountant(options, new EspAccounts(), onFrame);
  const parser = new CaptureParser(options.file ?? 'capture', accountant.add);
  for await (const chunk of source) parser.push(chunk);
  return accountant.ledger(parser.end());
}

/**
 * As {@link examineCapture}, where the capture may come from a mirror port that shows each frame twice.
 * @throws CaptureFormatError
 */
export async function examineMirrored(
  source: AsyncIterable<Uint8Array>,
  options: LedgerOptions,
  onFrame: DissectedFrameVisitor,
): Promise<MirroredLedger> {
  const accountant = new Accountant(options, new EspAccounts(), onFrame);
  const mirror = new MirrorFilter(accountant.add);
  const parser = new CaptureParser(options.file ?? 'capture', mirror.add);
  for await (const chunk of source) parser.push(chunk);
  const summary = parser.end();
  mirror.end();
  return { ledger: accountant.ledger(summary), copies: mirror.copies };
}

/**
 * The account of every frame of a capture.
 * @throws CaptureFormatError
 */
export function accountFor(source: AsyncIterable<Uint8Array>, options: LedgerOptions = {}): Promise<Ledger> {
  return examineCapture(source, options);
}
