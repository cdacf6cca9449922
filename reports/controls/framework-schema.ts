import { z } from 'zod';
import { checkIdSchema, oneLineSchema } from '../../harness/model/text-schemas.ts';

const TOKEN = /^[\p{L}_][\p{L}\p{N}._-]*$/u;
const fact = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'a name such as paymentCardData');

const ProcedureSchema = z
  .strictObject({
    id: oneLineSchema.describe('The procedure as the framework names it, for instance 4.2.1.c.'),
    type: z.enum(['documentation', 'interview', 'observation', 'system-configuration', 'data-transmission']),
    paraphrase: oneLineSchema.describe('Own words.'),
    strength: z
      .enum(['direct', 'partial', 'supporting', 'out-of-reach'])
      .describe('What evidence of the checks is worth to it at the most.'),
    checks: z
      .array(checkIdSchema)
      .default([])
      .describe('Checks that carry it: without one of them it is not tested. None when it is out of reach.'),
    also: z.array(checkIdSchema).default([]).describe('Checks that speak to it too, but cannot carry it alone.'),
  })
  .refine(({ strength, checks }) => (strength === 'out-of-reach') === (checks.length === 0), {
    message: 'a procedure has checks exactly when it is not out-of-reach',
    path: ['checks'],
  })
  .refine(({ checks, also }) => checks.length > 0 || also.length === 0, {
    message: 'a check cannot speak beside none that carries the procedure',
    path: ['also'],
  });

const ControlSchema = z
  .strictObject({
    id: oneLineSchema,
    objective: z
      .string()
      .regex(TOKEN, 'an id such as sc-8_obj')
      .nullable()
      .default(null)
      .describe('Id of the objective in a published OSCAL catalog; the control has its id there too.'),
    paraphrase: oneLineSchema.describe('Own words.'),
    appliesWhen: z.array(fact).default([]).describe('Facts that must be declared true beside those of the framework.'),
    reach: z
      .enum(['operation', 'design'])
      .default('operation')
      .describe('design: a test outside production is what is asked for. operation: only the cluster in question can show it.'),
    procedures: z.array(ProcedureSchema).min(1, 'at least one procedure'),
    remains: oneLineSchema.describe('What is left for the assessor.'),
  })
  .refine(({ id, objective }) => objective === null || TOKEN.test(id), {
    message: 'with an objective of a catalog, the id is that of the catalog, for instance sc-8',
    path: ['id'],
  });

/** A file of controls: one framework, its requirements in own words and what of the evidence speaks to them. */
export const FrameworkSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9.-]*$/, 'lower-case letters, digits, dots and dashes'),
    title: oneLineSchema,
    version: oneLineSchema,
    note: oneLineSchema,
    facts: z
      .record(fact, oneLineSchema)
      .default({})
      .describe('Facts that rules of this file ask for, each with the statement that a user declares true or false.'),
    appliesWhen: z.array(fact).default([]).describe('Facts that must be declared true for any control to bind.'),
    controls: z.array(ControlSchema).min(1, 'at least one control'),
  })
  .superRefine((framework, context) => {
    const { facts, appliesWhen, controls } = framework;
    const asked = [
      ...appliesWhen.map((name) => ({ name, path: ['appliesWhen'] })),
      ...controls.flatMap((control, index) => control.appliesWhen.map((name) => ({ name, path: ['controls', index, 'appliesWhen'] }))),
    ];
    for (const { name, path } of asked)
      if (!Object.hasOwn(facts, name)) context.addIssue({ code: 'custom', path, message: `${name} is not among the facts of this file` });
    const seen = new Set<string>();
    for (const [index, { id }] of controls.entries()) {
      if (seen.has(id)) context.addIssue({ code: 'custom', path: ['controls', index, 'id'], message: `${id} is there twice` });
      seen.add(id);
    }
  });

export type Framework = z.infer<typeof FrameworkSchema>;
export type FrameworkControl = Framework['controls'][number];
export type FrameworkProcedure = FrameworkControl['procedures'][number];
