import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import type { Decoded } from '../decode/decoded.ts';
import { decodeIpRoute } from '../decode/kernel/ip-route.ts';
import { decodeIpRule } from '../decode/kernel/ip-rule.ts';
import { decodeWireguard } from '../decode/kernel/wireguard-show.ts';
import { decodeXfrmPolicy } from '../decode/kernel/xfrm-policy.ts';
import { decodeXfrmStat } from '../decode/kernel/xfrm-stat.ts';
import { decodeXfrmState } from '../decode/kernel/xfrm-state.ts';
import { decodeCiliumConfig } from '../stacks/cilium/decode/cilium-config.ts';
import { decodeCiliumNodes } from '../stacks/cilium/decode/cilium-nodes.ts';
import { decodeCiliumStatus } from '../stacks/cilium/decode/cilium-status.ts';
import { decodeEncryptStatus } from '../stacks/cilium/decode/encrypt-status.ts';
import { decodeKeySecret } from '../stacks/cilium/decode/key-secret.ts';

const DECODERS: ReadonlyMap<string, (text: string) => Decoded<unknown>> = new Map<string, (text: string) => Decoded<unknown>>([
  ['xfrm-state', decodeXfrmState],
  ['xfrm-policy', decodeXfrmPolicy],
  ['xfrm-stat', decodeXfrmStat],
  ['ip-rule', decodeIpRule],
  ['ip-route', decodeIpRoute],
  ['wg', decodeWireguard],
  ['cilium-status', decodeCiliumStatus],
  ['encrypt-status', decodeEncryptStatus],
  ['cilium-config', decodeCiliumConfig],
  ['cilium-node', decodeCiliumNodes],
  ['key-secret', decodeKeySecret],
]);

/** The values of KIND in `wirewitness decode KIND`. */
export const DECODER_NAMES: readonly string[] = [...DECODERS.keys()];

/** Usage error: an unknown kind or a file that cannot be read. */
const USAGE = 3;

/**
 * `wirewitness decode KIND [FILE|-]`: prints `{kind, items, unparsed}`, or a line an item without `--json`. Keys are
 * never printed. Exit code 0, also with unparsed lines; 3 for an unknown kind or an unreadable file.
 */
export async function decodeCommand(
  kind: string,
  file: string | undefined,
  { json = false }: { readonly json?: boolean } = {},
): Promise<number> {
  const decoder = DECODERS.get(kind);
  if (decoder === undefined) {
    process.stderr.write(`wirewitness: decode: unknown kind "${kind}"; known are ${DECODER_NAMES.join(', ')}\n`);
    return USAGE;
  }
  const fromStdin = file === undefined || file === '-';
  let input: string;
  try {
    input = fromStdin ? await readAll(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    process.stderr.write(
      `wirewitness: decode: cannot read ${fromStdin ? 'standard input' : file}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return USAGE;
  }
  const { items, unparsed } = decoder(input);
  if (json) process.stdout.write(`${JSON.stringify({ kind, items, unparsed }, null, 2)}\n`);
  else {
    process.stdout.write(`${kind}: ${items.length} items, ${unparsed.length} lines not understood\n`);
    for (const item of items) process.stdout.write(`${JSON.stringify(item)}\n`);
    for (const { line, text } of unparsed) process.stdout.write(`not understood, line ${line}: ${text}\n`);
  }
  return 0;
}
