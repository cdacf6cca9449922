import {
  CHECKSUMS,
  MANIFEST,
  PLAN,
  packFolder,
  packName,
  RECORDING_FOLDER,
  REDACTION,
  REPORTS_FOLDER,
  SIGNATURE,
  TIMESTAMP_SUFFIX,
} from './layout.ts';
import type { PackManifest } from './manifest.ts';
import { IN_TOTO_TYPE } from './sign/dsse.ts';

/** README.txt: how to check the pack with common tools. It contains nothing that depends on the signature. */
export function writeReadme(manifest: Omit<PackManifest, 'evidence'>, redaction: readonly string[]): string {
  const { run, tool, environmentClass, verdict } = manifest;
  return `EVIDENCE PACK OF ${tool.name} ${tool.version}

Run          ${run.id} (${run.scenario}${run.fault === null ? '' : `, with fault ${run.fault} made on purpose`})
Recorded     ${run.startedAt.utc} to ${run.endedAt.utc}${run.complete ? '' : ', NOT COMPLETE'}
Environment  ${environmentClass}
Verdict      ${verdict}

What this pack proves and what it does not stands in ${REPORTS_FOLDER}/report.html. Evidence from a lab or a test cluster is
evidence about the design, not about the operation of a production cluster. Nothing here says "compliant": that is for an assessor.

WHAT IS IN IT

${MANIFEST}        every file with its evidence id (EV-nnn), size, SHA-256, producer, command, time
${CHECKSUMS}           the same digests for sha256sum
${PLAN}            what was going to be proven, decided before the recording began
${REDACTION}       what was removed, by which rule, and how the search for secrets was proven to work
${RECORDING_FOLDER}/           what was done and seen
${REPORTS_FOLDER}/             what was judged from it
signature/           who vouches for the list of files

CHECK IT WITH WIREWITNESS (needs only Node.js)

  wirewitness verify ${packName(run.id)} --key SIGNER.pem

SIGNER.pem is the signer's public key, got from the signer by another way than this pack.

CHECK IT WITHOUT WIREWITNESS

  tar -xzf ${packName(run.id)} && cd ${packFolder(run.id)}

1. Every file is the one that was listed, and no other is there (both print nothing):
     sha256sum --quiet -c ${CHECKSUMS}
     cut -c67- ${CHECKSUMS} > /tmp/listed
     find . -type f ! -path './signature/*' ! -name ${CHECKSUMS} | sed 's,^./,,' | LC_ALL=C sort | diff - /tmp/listed

2. The signed statement names this list (prints 1 twice):
     grep -c "$(sha256sum ${CHECKSUMS} | cut -c1-64)" ${SIGNATURE.statement}
     grep -c "$(sha256sum ${MANIFEST} | cut -c1-64)" ${SIGNATURE.statement}

3. The signer signed the statement (prints "Signature Verified Successfully"):
     { printf 'DSSEv1 ${IN_TOTO_TYPE.length} ${IN_TOTO_TYPE} %d ' "$(wc -c < ${SIGNATURE.statement})"; cat ${SIGNATURE.statement}; } > /tmp/pae
     openssl pkeyutl -verify -pubin -inkey SIGNER.pem -rawin -in /tmp/pae -sigfile ${SIGNATURE.signature}

   ${SIGNATURE.publicKey} is the public key that the pack itself brings. It proves nothing about who signed until its
   fingerprint was compared with the signer's:
     openssl pkey -pubin -in ${SIGNATURE.publicKey} -outform DER | sha256sum

4. Where a file ${packName(run.id)}${TIMESTAMP_SUFFIX} came with it, the archive existed at the time it names (RFC 3161):
     openssl ts -verify -in ${packName(run.id)}${TIMESTAMP_SUFFIX} -data ${packName(run.id)} -CAfile AUTHORITY.pem

JUDGE IT AGAIN

  wirewitness assess ${packFolder(run.id)}/${RECORDING_FOLDER} --out again

${redaction.join('\n')}
`;
}
