import { sha256 } from '@noble/hashes/sha2.js';
import type { JudgementCheck } from '../../harness/judge/check.ts';
import { reasonOf } from '../../harness/model/verdict.ts';

/** EVI-03: the judgement can be repeated. The digest allows comparison with another judgement. */
export const evi03: JudgementCheck = {
  id: 'EVI-03',
  must: 'Judging the recording again gives the same verdicts',
  modes: ['ipsec', 'wireguard', 'tls', 'none'],
  evidence: 'each check run twice over the facts of this recording; the SHA-256 of the verdicts, to compare with that of another judgement',
  subject: 'recording',
  needs: [],
  remedy:
    "Do not use the verdicts of the named check: it depends on something other than the recording, which is a defect of wirewitness. Report it with the recording's pack.",
  judgeVerdicts(x, { verdicts, again }) {
    for (const [index, verdict] of verdicts.entries()) {
      const other = again[index];
      if (other === undefined) x.gap(`${verdict.id} was not judged a second time`);
      else
        x.expect(
          JSON.stringify(verdict) === JSON.stringify(other),
          `${verdict.id} says ${verdict.verdict} and then ${other.verdict}: ${reasonOf(verdict)}; ${reasonOf(other)}`,
        );
    }
    if (again.length > verdicts.length) x.fault(`${again.length - verdicts.length} check(s) appeared only the second time`);
    x.note(`SHA-256 of the verdicts ${Buffer.from(sha256(Buffer.from(JSON.stringify(verdicts)))).toString('hex')}`);
    return x.conclude('verdicts');
  },
};
