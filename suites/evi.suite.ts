import { describe } from 'vitest';
import { witness } from '../harness/testing/witness.ts';

describe('EVI the evidence itself', () => {
  witness('EVI-01', 'no private key, PSK or token anywhere in the recording (hex, base64, raw, in pcaps too)');
  witness(
    'EVI-02',
    'every file has a hash, producer, time, command, exit code; the plan was hashed before the start; control totals match',
  );
  witness('EVI-03', 'judging the recording again gives identical verdicts');
  witness('EVI-04', 'each check’s control ran, in this run or in the named control run, and was red');
});
