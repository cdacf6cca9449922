import type { Decoded, UnparsedLine } from '../decoded.ts';
import { textLines, unparsedLine } from './lines.ts';
import type { XfrmCounter } from './xfrm-items.ts';

/** Reads /proc/net/xfrm_stat and `nstat -az 'Xfrm*'`. No counter means not available, never zero. */
export function decodeXfrmStat(text: string): Decoded<XfrmCounter> {
  const items: XfrmCounter[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const line of textLines(text)) {
    const match = /^(Xfrm\w+) (\d+)(?: \d+\.\d+)?$/.exec(line.words);
    if (match === null) unparsed.push(unparsedLine(line.line, line.text));
    else items.push({ name: match[1] ?? '', value: Number(match[2]) });
  }
  return { items, unparsed };
}

/** Every counter that Linux has had since 3.10, in its order (net/xfrm/xfrm_proc.c). Newer kernels print more. */
export const XFRM_COUNTERS: readonly string[] = [
  'XfrmInError',
  'XfrmInBufferError',
  'XfrmInHdrError',
  'XfrmInNoStates',
  'XfrmInStateProtoError',
  'XfrmInStateModeError',
  'XfrmInStateSeqError',
  'XfrmInStateExpired',
  'XfrmInStateMismatch',
  'XfrmInStateInvalid',
  'XfrmInTmplMismatch',
  'XfrmInNoPols',
  'XfrmInPolBlock',
  'XfrmInPolError',
  'XfrmOutError',
  'XfrmOutBundleGenError',
  'XfrmOutBundleCheckError',
  'XfrmOutNoStates',
  'XfrmOutStateProtoError',
  'XfrmOutStateModeError',
  'XfrmOutStateSeqError',
  'XfrmOutStateExpired',
  'XfrmOutPolBlock',
  'XfrmOutPolDead',
  'XfrmOutPolError',
  'XfrmFwdHdrError',
  'XfrmOutStateInvalid',
  'XfrmAcquireError',
];
