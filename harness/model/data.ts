import type * as z from 'zod';

/** A value that is read-only at every depth. */
export type DeepReadonly<T> = T extends readonly (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** The type that a schema of the model describes. Only the schema is written; the type is derived. */
export type Data<S extends z.ZodType> = DeepReadonly<z.output<S>>;
