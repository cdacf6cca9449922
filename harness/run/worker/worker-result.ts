import { z } from 'zod';
import type { NodeLedger } from '../../judge/ledger/merge-ledgers.ts';
import { parseBoundedJson } from '../../model/bounded-json.ts';
import type { Ledger } from '../../model/ledger.ts';

/** Prefix of the line of a worker's output with its result; other lines are messages. */
const MARK = 'wirewitness-worker-result ';

/** What a worker hands in: the ledger of its node and, where it was given a plan, the line of its digest. */
export interface WorkerResult extends NodeLedger {
  readonly digest?: string;
}

/** The part of a ledger from the network that is checked; the rest is passed on. */
const Result = z.object({
  node: z.string().min(1),
  gaps: z.array(z.string()),
  ledger: z
    .looseObject({
      frames: z.int().min(0),
      bytes: z.number(),
      wireBytes: z.number(),
      truncatedTail: z.boolean(),
      classes: z.record(z.string(), z.object({ frames: z.number(), bytes: z.number() })),
      esp: z.array(z.looseObject({})),
      wireguard: z.array(z.looseObject({})),
      flows: z.array(z.looseObject({})),
    })
    .nullable(),
  digest: z.string().exactOptional(),
});

/** The line that a worker prints last. */
export function resultLine(result: WorkerResult): string {
  return `${MARK}${JSON.stringify(result)}\n`;
}

/** The result in a worker's log; a sentence when there is no usable one: cut logs and broken lines prove nothing. */
export function readResult(log: string): WorkerResult | string {
  const lines = log.split('\n').filter((line) => line.startsWith(MARK));
  const [line, ...more] = lines;
  if (line === undefined) return 'its log has no result';
  if (more.length > 0) return 'its log has more than one result';
  let value: unknown;
  try {
    value = parseBoundedJson(line.slice(MARK.length));
  } catch {
    return 'its result is cut or broken';
  }
  const parsed = Result.safeParse(value);
  if (!parsed.success)
    return `its result is not valid: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`.trim();
  const { ledger, ...rest } = parsed.data;
  return { ...rest, ledger: ledger as unknown as Ledger | null };
}
