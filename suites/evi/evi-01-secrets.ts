import type { Check } from '../../harness/judge/check.ts';

/** EVI-01: no file of the recording contains a secret. */
export const evi01: Check = {
  id: 'EVI-01',
  must: 'No private key, pre-shared key or token is in any file of the recording, captures included: not as raw bytes, hexadecimal or base64, and not across lines',
  modes: ['ipsec', 'wireguard', 'tls', 'none'],
  evidence: 'every byte of every file, searched by shape and by marks of the run’s own secrets; test secrets in memory prove the search',
  subject: 'recording',
  needs: [],
  remedy:
    'Do not give the recording to anybody. Find the command or capture that contains the secret (the reason names file and byte), replace that key or token in the cluster as if it were public, delete the recording, and record again.',
  judge(x) {
    const { files, bytes, secrets, gaps, control, knownWindows } = x.facts.evidence;
    for (const { path, rule, form, offset } of secrets) {
      x.cite(path);
      x.fault(`${path}, byte ${offset}: ${rule} (${form})`);
    }
    for (const gap of gaps) x.gap(gap);
    if (control.missed.length > 0)
      x.gap(`the search missed ${control.missed.length} of ${control.planted} planted secrets: ${control.missed[0]}`);
    x.note(`${bytes} bytes; ${control.planted - control.missed.length} of ${control.planted} planted secrets found`);
    x.note(
      knownWindows === null
        ? 'searched by shape only: the recording has no marks of its secrets'
        : `${knownWindows} marks of the run's own secrets`,
    );
    x.held(files);
    return x.conclude('files');
  },
};
