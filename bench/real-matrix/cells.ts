import { z } from 'zod';
import { modeSchema, routingSchema } from '../../harness/model/mode.ts';

/**
 * What is done to the cluster: before the run, while it watches (`--scenario observe`), or by the run itself (`--disruptive`). `with node
 * encryption` is healthy too, and claims it. `off`: encryption is switched off, and still claimed. The last three break one node by hand: {@link BY_HAND}.
 */
const doneSchema = z.enum([
  'healthy',
  'rotated',
  'agents restarted',
  'rotated while watched',
  'rotated by the product',
  'agents restarted by the product',
  'with node encryption',
  'upgraded while watched',
  'off',
  'policy deleted',
  'bypass policy',
  'peer removed',
]);

/** What `leak.sh` of the bed is told for a cell that is broken by hand. */
export const BY_HAND: Readonly<Partial<Record<z.output<typeof doneSchema>, string>>> = {
  'policy deleted': 'policy',
  'bypass policy': 'bypass',
  'peer removed': 'peer',
};

/** One run against real agents. */
const cellSchema = z.object({
  /** Release of Cilium, `1.18.3`. */
  release: z.string(),
  mode: modeSchema.exclude(['none']),
  routing: routingSchema,
  done: doneSchema,
});
export type Cell = z.output<typeof cellSchema>;

/** The result of a cell. */
export const resultSchema = cellSchema.extend({
  exitCode: z.number(),
  seconds: z.number(),
  /** ISO 8601. */
  at: z.string(),
  toolVersion: z.string(),
  /** Of the whole report; `no report` where there is none. */
  verdict: z.string(),
  /** Checks that are neither `supports` nor not applicable nor not exercised, with their first reason. */
  others: z.array(z.string()),
});
export type Result = z.output<typeof resultSchema>;

/** The results against real agents, one for each cell. */
export const RESULTS_FILE = 'docs/real-runs.json';

/** Releases that leak without anything being broken by hand, each with the advisory that says so: a run on them must end with 1. */
const LEAKING: readonly (Pick<Cell, 'release' | 'mode'> & { readonly advisory: string })[] = [
  { release: '1.14.5', mode: 'wireguard', advisory: 'CVE-2024-25630' },
];

/** The published leak of the cell's release and mode. */
export function publishedLeak({ release, mode }: Cell): string | undefined {
  return LEAKING.find((one) => one.release === release && one.mode === mode)?.advisory;
}

/** Exit code that a cell must end with. */
export function wanted(cell: Cell): number {
  const { done } = cell;
  return done === 'off' || BY_HAND[done] !== undefined || publishedLeak(cell) !== undefined ? 1 : 0;
}

/** The name, also for `--only`: `1.18.3 ipsec vxlan rotated`. */
export function cellName({ release, mode, routing, done }: Cell): string {
  return `${release} ${mode} ${routing} ${done}`;
}

/** All cells of a release, in the order that changes the cluster least. */
export function cellsOf(release: string): readonly Cell[] {
  const of = (mode: Cell['mode'], routing: Cell['routing'], ...all: Cell['done'][]): Cell[] =>
    all.map((done) => ({ release, mode, routing, done }));
  return [
    ...of('ipsec', 'vxlan', 'healthy', 'rotated', 'agents restarted', 'rotated while watched'),
    ...of('ipsec', 'vxlan', 'rotated by the product', 'agents restarted by the product', 'policy deleted', 'bypass policy', 'off'),
    ...of('wireguard', 'vxlan', 'healthy', 'peer removed', 'off', 'with node encryption'),
    ...of('wireguard', 'native', 'healthy'),
    ...of('ipsec', 'native', 'healthy', 'rotated'),
    ...of('ipsec', 'vxlan', 'upgraded while watched'),
  ];
}
