import * as z from 'zod';
import type { Data } from './data.ts';
import { familySchema, modeSchema, routingSchema } from './mode.ts';
import { flowPathSchema } from './recording.ts';
import { scenarioSchema } from './scenario.ts';
import { checkIdSchema, oneLineSchema } from './text-schemas.ts';

const release = z.string().regex(/^\d+(\.\d+)+$/, 'a release in quotes, for instance "1.16.2"');

/** The affected releases of one branch, from the first affected one to the one with the fix. */
const affectedSchema = z
  .strictObject({
    from: release.optional().describe('The first affected release; without it every earlier one is affected.'),
    fixed: release.nullable().describe('The first release with the fix; null where none is known.'),
    routings: z
      .array(routingSchema)
      .min(1)
      .optional()
      .describe('Routings for which this range is affected, where the ranges of routings differ.'),
  })
  .describe('A range of affected releases: from is included, fixed is not.');

const conditionsSchema = z
  .strictObject({
    modes: z.array(modeSchema).min(1).describe('Modes in which it happens.'),
    routings: z.array(routingSchema).min(1).describe('Routings in which it happens.'),
    families: z.array(familySchema).min(1).describe('It happens only with exactly these IP families.'),
    nodeEncryption: z.boolean().describe('It happens only with node encryption on, or only with it off.'),
    options: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'the name of an option, for instance enable-l7-proxy'),
          values: z.array(z.string()).min(1),
        }),
      )
      .min(1)
      .describe('Options of the agents, each with the values with which it happens; all of them must hold.'),
    also: oneLineSchema.describe('A further condition as text: nothing in a recording shows it.'),
  })
  .partial();

/** What a run must do to be able to show it. */
const exercisedSchema = z
  .strictObject({
    scenarios: z.array(scenarioSchema).min(1).describe('Only a run with one of these scenarios can show it.'),
    paths: z.array(flowPathSchema).min(1).describe('Only flows of one of these paths between two nodes can show it.'),
    never: oneLineSchema.describe('Why no run does what is needed to show it.'),
  })
  .partial()
  .describe('What a run must do to be able to show it; empty: every run can.');

/** A published leak or other weakness of encryption between nodes, and what of it a run can see. */
export const advisorySchema = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, 'letters, digits, dots and dashes, for instance CVE-2024-28249'),
    aliases: z.array(z.string().min(1)).default([]).describe('Other ids of the same advisory.'),
    component: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'a name such as linux')
      .describe('Whose releases are affected: the stack, linux, or another product.'),
    title: oneLineSchema,
    harm: z
      .enum(['plaintext', 'plaintext-accepted', 'weak-key', 'disclosure', 'outage', 'instrument'])
      .describe(
        'The effect. disclosure: of a key or another secret. outage: of the encryption. instrument: a tool that looks for leaks does not see it.',
      ),
    mechanism: oneLineSchema.describe('What goes wrong, not copied from the advisory.'),
    affected: z.array(affectedSchema).describe('Absent: it is by design, or no release is named.'),
    distributions: z.boolean().default(false).describe('Distributions also have the fix in releases with older numbers.'),
    conditions: conditionsSchema.default({}),
    observable: oneLineSchema.describe('What shows it in a run.'),
    checks: z.array(checkIdSchema).min(1, 'at least one check').describe('Checks that contradict when it happens.'),
    exercised: exercisedSchema.default({}),
    faults: z.array(z.string().min(1)).default([]).describe('Faults of the lab that imitate it.'),
    notImitated: oneLineSchema.optional().describe('Why the lab cannot imitate it; only when there are no faults.'),
    links: z.array(z.url({ protocol: /^https$/, hostname: z.regexes.domain, error: 'an address that begins with https://' })).min(1),
    note: oneLineSchema.optional(),
  })
  .refine(({ faults, notImitated }) => (faults.length === 0) === (notImitated !== undefined), {
    message: 'either faults that imitate it, or notImitated with the reason',
    path: ['faults'],
  });
export type Advisory = Data<typeof advisorySchema>;

/**
 * Whether a cluster has it. `affected`: its version and its configuration are among those named. `undecided`: a fact that decides it was
 * not recorded, or the version number does not decide it.
 */
export const applicabilitySchema = z.object({ state: z.enum(['affected', 'not-affected', 'undecided']), reason: z.string() });
export type Applicability = Data<typeof applicabilitySchema>;

/** Whether this run showed it. `not-seen` needs that the run did everything necessary and that the checks support. */
const sightingSchema = z.object({ state: z.enum(['seen', 'not-seen', 'not-exercised']), reason: z.string() });
export type Sighting = Data<typeof sightingSchema>;

/** An advisory compared with one run. It is never a verdict: what was seen is red in its checks, what was not seen is at most a warning. */
export const comparedAdvisorySchema = z.object({
  id: z.string(),
  aliases: z.array(z.string()),
  component: z.string(),
  title: z.string(),
  applies: applicabilitySchema,
  observable: z.string(),
  sighting: sightingSchema,
  checks: z.array(z.string()),
  /** Releases with the fix, oldest first. */
  fixed: z.array(z.string()),
  links: z.array(z.string()),
  /** What to do, where the cluster is or may be affected; null where it is not. */
  warning: z.string().nullable(),
});
export type ComparedAdvisory = Data<typeof comparedAdvisorySchema>;
