import * as z from 'zod';

/** A text of one line, because it is printed in tables and titles. */
export const oneLineSchema = z
  .string()
  .trim()
  .min(1, 'a text')
  .regex(/^[^\n]*$/, 'one line (a folded block, >-, makes one of several)');

/** The id of a check, `WIR-01`. */
export const checkIdSchema = z
  .string()
  .regex(/^[A-Z]{3}-\d{2}$/, 'the id of a check, for instance WIR-01 (`wirewitness checks` lists them)');
