import type * as z from 'zod';

/** A value that nobody changes, at any depth. */
export type DeepReadonly<T> = T extends readonly (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** The type of what a schema of the model describes: the schema is the one statement, the type follows from it. */
export type Data<S extends z.ZodType> = DeepReadonly<z.output<S>>;
