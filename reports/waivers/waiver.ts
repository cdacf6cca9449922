import * as z from 'zod';
import { checkIdSchema } from '../../harness/model/text-schemas.ts';

/** Most wildcards in a flow's name: enough for its two namespaces, which are new in each run, and too few to match any flow. */
const MAX_WILDCARDS = 2;
const WILDCARD = '*';

const name = (what: string) => z.string().min(1, `must name ${what}`).exactOptional();

/** An exception with an owner. */
export const WaiverSchema = z
  .strictObject({
    /** Id of the check, `WIR-11`. */
    check: checkIdSchema,
    /** Id of a flow as the report prints it; `*` stands for one part between slashes. */
    flow: name('a flow, such as pod-pod/tcp/ipv4/*/client-1/*/client-2').refine(
      (text = '') => text.split('/').filter((part) => part.includes(WILDCARD)).length <= MAX_WILDCARDS,
      `at most ${MAX_WILDCARDS} parts with *: each flow is named by itself`,
    ),
    /** Name of a node. */
    node: name('a node'),
    /** A security association as the report prints it. */
    sa: name('an SA, such as 10.0.1.1 -> 10.0.2.1 spi 0x00000003'),
    /** Everything the check finds, except a flow that was readable. */
    wholeCheck: z.literal(true, 'must be true, or absent').exactOptional(),
    /** The owner: a person or a team. */
    owner: z.string().min(1, 'must name who answers for it'),
    reason: z.string().min(10, 'must say why, in at least 10 characters'),
    /** Last day on which it is valid, UTC. */
    expires: z.iso.date('must be a day such as 2027-03-31'),
  })
  .refine(
    ({ flow, node, sa, wholeCheck }) => (wholeCheck === true) !== [flow, node, sa].some((given) => given !== undefined),
    'must say what it is about: flow, node or sa; or wholeCheck: true alone, for everything the check finds',
  );

export type Waiver = z.infer<typeof WaiverSchema>;

/** waivers.yaml. */
export const WaiversSchema = z.strictObject({ waivers: z.array(WaiverSchema) });

/** The subject of a waiver, as text: `WIR-01, flow pod-pod/…`. */
export function waiverSubject({ check, flow, node, sa }: Waiver): string {
  const about = Object.entries({ flow, node, SA: sa }).flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]));
  return [check, ...(about.length === 0 ? ['the whole check'] : about)].join(', ');
}

/** One red result: a fact of a check, or a flow. */
export interface RedItem {
  /** Null for a flow that contradicts; a waiver of any check may name the flow. */
  readonly check: string | null;
  readonly text: string;
  readonly flow?: string;
  readonly node?: string;
  readonly sa?: string;
  /** Traffic that was readable: only a waiver that names its flow covers it. */
  readonly leak: boolean;
}

/** Whether a waiver covers a red result. */
export function isAbout(waiver: Waiver, item: RedItem): boolean {
  const { check, flow, node, sa, wholeCheck } = waiver;
  if (item.check !== null && item.check !== check) return false;
  if ((item.leak || item.check === null) && flow === undefined) return false;
  if (wholeCheck === true) return true;
  return [
    [flow, item.flow],
    [node, item.node],
    [sa, item.sa],
  ].every(([pattern, value]) => pattern === undefined || (value !== undefined && fits(pattern, value)));
}

function fits(pattern: string, value: string): boolean {
  const literal = pattern.split(WILDCARD).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literal.join('[^/]+')}$`).test(value);
}
