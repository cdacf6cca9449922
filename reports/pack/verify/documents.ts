import { z } from 'zod';
import { canonicalJson } from '../../../harness/model/canonical-json.ts';
import { PACK_SCHEMA } from '../manifest.ts';
import { PackRefusal } from '../refusal.ts';
import { IN_TOTO_TYPE } from '../sign/dsse.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const Manifest = z.object({
  schema: z.literal(PACK_SCHEMA),
  run: z.object({ id: z.string().min(1), endedAt: z.object({ utc: z.string() }) }),
  verdict: z.string(),
  environmentClass: z.string(),
  evidence: z.array(z.object({ id: z.string(), path: z.string(), bytes: z.int().min(0), sha256: digest })).min(1),
});

const Envelope = z.strictObject({
  payloadType: z.literal(IN_TOTO_TYPE),
  payload: z.base64(),
  signatures: z.array(z.strictObject({ keyid: digest, sig: z.base64() })).length(1),
});

const Statement = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: digest }) })).min(1),
  predicateType: z.literal('https://in-toto.io/attestation/test-result/v0.1'),
  predicate: z.object({ wirewitness: z.object({ run: z.string(), verdict: z.string() }) }),
});

export type ReadManifest = z.infer<typeof Manifest>;
export type ReadEnvelope = z.infer<typeof Envelope>;
export type ReadStatement = z.infer<typeof Statement>;

export const readManifest = (path: string, bytes: Uint8Array): ReadManifest => read(Manifest, path, bytes);
export const readEnvelope = (path: string, bytes: Uint8Array): ReadEnvelope => read(Envelope, path, bytes);
export const readStatement = (path: string, bytes: Uint8Array): ReadStatement => read(Statement, path, bytes);

/** A document in its one canonical form. @throws PackRefusal naming the path and the place in it */
function read<T>(schema: z.ZodType<T>, path: string, bytes: Uint8Array): T {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw new PackRefusal(path, `is not JSON in UTF-8 (${(error as Error).message.split('\n')[0]})`);
  }
  const found = schema.safeParse(value);
  if (!found.success) {
    const issue = found.error.issues[0];
    throw new PackRefusal(path, `at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'is not what it must be'}`);
  }
  if (canonicalJson(value) !== text) throw new PackRefusal(path, 'is not in canonical form: it was changed');
  return found.data;
}
