import type { Check } from '../../harness/judge/check.ts';
import { Examination } from '../../harness/judge/state/examination.ts';

const EXPECTED =
  'no private key, pre-shared key or token in any file of the recording: raw, hex, base64, broken over lines, in captures too';

/** EVI-01: what is handed over gives nothing away. */
export const evi01: Check = {
  id: 'EVI-01',
  title: 'no private key, PSK or token anywhere in the recording (hex, base64, raw, in pcaps too)',
  modes: ['ipsec', 'wireguard', 'none'],
  evidence: 'every byte of every file, searched by shape and by marks of the run’s own secrets; secrets planted in memory prove the search',
  controls: ['L34'],
  judge(facts) {
    const x = new Examination(facts);
    const { files, bytes, secrets, gaps, control, knownWindows } = facts.evidence;
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
    return x.conclude(EXPECTED, 'files');
  },
};
