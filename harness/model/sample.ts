import * as z from 'zod';
import type { Data } from './data.ts';

/**
 * Which ordered pairs of nodes are driven. The nodes stand in a ring, in the order of SHA-256(`<seed> node <name>`). A distance d gives each
 * node one partner in each direction: the one d places on, and the one d places back. The distances 1 to n-1 are put in the order of
 * SHA-256(`<seed> distance <d>`), and each round takes the next `partners` of them, so that after enough rounds all ordered pairs were
 * driven.
 */
export const sampleSchema = z.object({
  /** Of each node in each direction. */
  partners: z.int().min(1),
  /** 16 random bytes in hex. */
  seed: z.string().regex(/^[0-9a-f]{32}$/),
  /** From 0. */
  round: z.int().min(0),
});
export type Sample = Data<typeof sampleSchema>;

/** What a sample of the ordered pairs of nodes shows of all of them. */
export const sampleClaimSchema = sampleSchema.extend({
  /** Ordered pairs of all nodes that were reached, and those of the sample. */
  population: z.int().min(0),
  sampled: z.int().min(0),
  /** Pairs of the sample between which every flow between pods that must be encrypted was proven to be. */
  proven: z.int().min(0),
  /** Pairs of the sample between which one was readable or otherwise contradicts. */
  clear: z.int().min(0),
  /** Rounds after which all pairs were driven. */
  rounds: z.int().min(0),
  /** The true share of clear pairs is below {@link limit} with this confidence. */
  confidence: z.number(),
  limit: z.number(),
});
export type SampleClaim = Data<typeof sampleClaimSchema>;
