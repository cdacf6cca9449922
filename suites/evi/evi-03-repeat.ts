import { sha256 } from '@noble/hashes/sha2.js';
import type { Check } from '../../harness/judge/check.ts';
import { Examination } from '../../harness/judge/state/examination.ts';

const EXPECTED = 'every check says the same, word for word, of facts that were derived a second time';

/** EVI-03: the judgement can be repeated. The digest lets somebody else compare theirs. */
export const evi03: Check = {
  id: 'EVI-03',
  title: 'judging the recording again gives identical verdicts',
  modes: ['ipsec', 'wireguard', 'none'],
  evidence: 'two judgements of this recording: commands and journal decoded twice, each check run twice; captures are read once',
  controls: ['a check that depends on something else'],
  judge(facts, judged) {
    const x = new Examination(facts);
    if (judged === undefined) x.gap('no other check was judged');
    const { verdicts, again } = judged ?? { verdicts: [], again: [] };
    for (const [index, verdict] of verdicts.entries()) {
      const other = again[index];
      if (other === undefined) x.gap(`${verdict.id} was not judged a second time`);
      else
        x.expect(
          JSON.stringify(verdict) === JSON.stringify(other),
          `${verdict.id} says ${verdict.verdict} and then ${other.verdict}: ${verdict.reason}; ${other.reason}`,
        );
    }
    if (again.length > verdicts.length) x.fault(`${again.length - verdicts.length} check(s) appeared the second time only`);
    x.note(`SHA-256 of the verdicts ${Buffer.from(sha256(Buffer.from(JSON.stringify(verdicts)))).toString('hex')}`);
    return x.conclude(EXPECTED, 'verdicts');
  },
};
