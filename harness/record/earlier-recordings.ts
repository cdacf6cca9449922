import type { RecordingManifest } from '../model/recording.ts';

/** Reasons that meant, in recordings before `untried`, that no key could be tried. */
const UNTRIED = /no SA of that name|(is|are) not decrypted here|printed no key/;
/** Bytes that the large flows carried before `largeBytes`; their ids said `large`. */
const LARGE_BYTES = 3000;

/** A manifest with the data that recordings of earlier versions have only as text. */
export function withFieldsOfToday(manifest: RecordingManifest): RecordingManifest {
  const { traffic, proofs } = manifest;
  return {
    ...manifest,
    traffic: traffic.map((flow) =>
      flow.largeBytes === undefined && flow.id.split('/').includes('large') ? { ...flow, largeBytes: LARGE_BYTES } : flow,
    ),
    proofs: {
      ...proofs,
      decryption: proofs.decryption.map((proof) =>
        proof.untried === undefined && UNTRIED.test(proof.note) ? { ...proof, untried: true } : proof,
      ),
    },
  };
}
