import { z } from 'zod';
import { parseBoundedJson } from '../../../harness/model/bounded-json.ts';
import { canonicalJson } from '../../../harness/model/canonical-json.ts';
import { environmentClassSchema as environmentClass } from '../../../harness/model/cluster.ts';
import { runIdSchema as runId } from '../../../harness/model/recording.ts';
import { verdictSchema as verdict } from '../../../harness/model/verdict.ts';
import { CHECKSUMS, MANIFEST, PLAN } from '../layout.ts';
import { PACK_SCHEMA } from '../manifest.ts';
import { PackRefusal } from '../refusal.ts';
import { IN_TOTO_TYPE } from '../sign/dsse.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256');
const ids = z.array(z.string());

const Manifest = z.object({
  schema: z.literal(PACK_SCHEMA),
  run: z.object({ id: runId, endedAt: z.object({ utc: z.iso.datetime().refine((utc) => Date.parse(utc) >= 0, 'is no time since 1970') }) }),
  verdict,
  environmentClass,
  plan: z.object({ path: z.literal(PLAN), sha256: digest }),
  evidence: z.array(z.object({ id: z.string(), path: z.string(), bytes: z.int().min(0), sha256: digest })).min(1),
});

const Envelope = z.strictObject({
  payloadType: z.literal(IN_TOTO_TYPE),
  payload: z.base64(),
  signatures: z.array(z.strictObject({ keyid: digest, sig: z.base64() })).length(1),
});

const subject = <Name extends string>(name: Name) => z.strictObject({ name: z.literal(name), digest: z.strictObject({ sha256: digest }) });

const Statement = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  // Exactly the two lists, each once: any other subject would be signed but never checked.
  subject: z.tuple([subject(MANIFEST), subject(CHECKSUMS)]),
  predicateType: z.literal('https://in-toto.io/attestation/test-result/v0.1'),
  predicate: z.object({
    result: z.enum(['PASSED', 'FAILED']),
    configuration: z.tuple([subject(PLAN)]),
    passedTests: ids,
    warnedTests: z.tuple([]),
    failedTests: ids,
    wirewitness: z.object({ run: runId, verdict, environmentClass, inconclusive: ids, notExercised: ids, notApplicable: ids }),
  }),
});

/** The fields of report.json that the statement repeats. */
const Report = z.object({
  schema: z.literal([1, 2]),
  run: z.object({ id: runId }),
  environment: z.object({ class: environmentClass }),
  verdict,
  verdicts: z.array(z.object({ id: z.string(), verdict })),
});

export type ReadManifest = z.infer<typeof Manifest>;
export type ReadEnvelope = z.infer<typeof Envelope>;
export type ReadStatement = z.infer<typeof Statement>;
export type ReadReport = z.infer<typeof Report>;

export const readManifest = (path: string, bytes: Uint8Array): ReadManifest => read(Manifest, path, bytes, true);
export const readEnvelope = (path: string, bytes: Uint8Array): ReadEnvelope => read(Envelope, path, bytes, true);
export const readStatement = (path: string, bytes: Uint8Array): ReadStatement => read(Statement, path, bytes, true);
/** report.json has its own order and no canonical form. */
export const readPackedReport = (path: string, bytes: Uint8Array): ReadReport => read(Report, path, bytes, false);

/** Deeper than any document of a pack, and more values than the largest has. */
const BOUNDS = { depth: 64, values: 1_000_000 };

/** A document, in its canonical form if it has one. @throws PackRefusal naming the path and the place in it */
function read<T>(schema: z.ZodType<T>, path: string, bytes: Uint8Array, canonical: boolean): T {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = parseBoundedJson(text, BOUNDS);
  } catch (error) {
    throw new PackRefusal(path, `is not JSON in UTF-8 within bounds (${(error as Error).message.split('\n')[0]})`);
  }
  const found = schema.safeParse(value);
  if (!found.success) {
    const issue = found.error.issues[0];
    throw new PackRefusal(path, `at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'is not what it must be'}`);
  }
  if (canonical && canonicalJson(value) !== text) throw new PackRefusal(path, 'is not in canonical form: it was changed');
  return found.data;
}
