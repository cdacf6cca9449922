import * as z from 'zod';
import type { Data } from './data.ts';
import { familySchema, modeSchema, routingSchema } from './mode.ts';
import { flowPathSchema } from './recording.ts';
import { scenarioSchema } from './scenario.ts';

/** One line: these texts stand in tables. */
const text = z
  .string()
  .trim()
  .min(1, 'a text')
  .regex(/^[^\n]*$/, 'one line (a folded block, >-, makes one of several)');
const release = z.string().regex(/^\d+(\.\d+)+$/, 'a release in quotes, for instance "1.16.2"');
const checkId = z.string().regex(/^[A-Z]{3}-\d{2}$/, 'the id of a check, for instance WIR-01 (`wirewitness checks` lists them)');

/** The affected releases of one branch: from the first one, until the one that has the fix. */
const affectedSchema = z
  .strictObject({
    from: release.optional().describe('The first affected release; without it every earlier one is affected.'),
    fixed: release.nullable().describe('The first release with the fix; null where none is known.'),
    routings: z.array(routingSchema).min(1).optional().describe('Routings with which this range is affected, where ranges differ by it.'),
  })
  .describe('A range of affected releases: from is in it, fixed is not.');

const conditionsSchema = z
  .strictObject({
    modes: z.array(modeSchema).min(1).describe('Modes in which it happens.'),
    routings: z.array(routingSchema).min(1).describe('Routings in which it happens.'),
    families: z.array(familySchema).min(1).describe('It happens where exactly these IP families are used.'),
    nodeEncryption: z.boolean().describe('It happens where node encryption is on, or off.'),
    options: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'the name of an option, for instance enable-l7-proxy'),
          values: z.array(z.string()).min(1),
        }),
      )
      .min(1)
      .describe('Options of the agents, each with the values with which it happens; all of them must hold.'),
    also: text.describe('A further condition in words: nothing that is recorded shows it.'),
  })
  .partial();

/** How a run would meet it. */
const exercisedSchema = z
  .strictObject({
    scenarios: z.array(scenarioSchema).min(1).describe('Only a run of one of these scenarios can show it.'),
    paths: z.array(flowPathSchema).min(1).describe('Only flows of one of these paths between two nodes can show it.'),
    never: text.describe('Why no run does what would show it.'),
  })
  .partial()
  .describe('What a run must do to be able to show it; empty: every run does.');

/** A leak or another weakness of encryption between nodes that was published, and what of it can be seen. */
export const advisorySchema = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, 'letters, digits, dots and dashes, for instance CVE-2024-28249'),
    aliases: z.array(z.string().min(1)).default([]).describe('Other ids of the same thing.'),
    component: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'a name such as linux')
      .describe('Whose releases are affected: the stack, linux, or another product.'),
    title: text,
    harm: z
      .enum(['plaintext', 'plaintext-accepted', 'weak-key', 'disclosure', 'outage', 'instrument'])
      .describe(
        'What comes of it. disclosure: of a key or another secret. outage: of the encryption. instrument: what looks for leaks does not see it.',
      ),
    mechanism: text.describe('What goes wrong, in own words.'),
    affected: z.array(affectedSchema).describe('None: by design, or no release is named.'),
    distributions: z.boolean().default(false).describe('Distributions carry the fix in releases with older numbers.'),
    conditions: conditionsSchema.default({}),
    observable: text.describe('What shows it.'),
    checks: z.array(checkId).min(1, 'at least one check').describe('Checks that contradict where it is seen.'),
    exercised: exercisedSchema.default({}),
    faults: z.array(z.string().min(1)).default([]).describe('Faults of the lab that imitate it.'),
    notImitated: text.optional().describe('Why the lab cannot imitate it; only without faults.'),
    links: z.array(z.url({ protocol: /^https$/, hostname: z.regexes.domain, error: 'an address that begins with https://' })).min(1),
    note: text.optional(),
  })
  .refine(({ faults, notImitated }) => (faults.length === 0) === (notImitated !== undefined), {
    message: 'either faults that imitate it, or notImitated with the reason',
    path: ['faults'],
  });
export type Advisory = Data<typeof advisorySchema>;

/**
 * Whether a cluster has it. `affected`: its version and its configuration are among those named. `undecided`: something that decides it
 * was not recorded, or the version's number does not tell.
 */
export const applicabilitySchema = z.object({ state: z.enum(['affected', 'not-affected', 'undecided']), reason: z.string() });
export type Applicability = Data<typeof applicabilitySchema>;

/** Whether this run showed it. `not-seen` needs all that the run would have to do, and checks that support. */
const sightingSchema = z.object({ state: z.enum(['seen', 'not-seen', 'not-exercised']), reason: z.string() });
export type Sighting = Data<typeof sightingSchema>;

/** An advisory against one run. It is never a verdict: what was seen is red by its checks, what was not seen is a warning at most. */
export const heldAdvisorySchema = z.object({
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
export type HeldAdvisory = Data<typeof heldAdvisorySchema>;
