import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judge } from '../harness/judge/judge.ts';
import { observedOf, reasonOf } from '../harness/model/verdict.ts';
import { openRecording } from '../harness/record/open-recording.ts';
import { stackOf } from '../harness/stacks/stack-of.ts';
import { worded } from '../harness/stacks/words.ts';
import { catalogue, checksOf } from './catalogue.ts';

/** The folder that `npm run suites -- FOLDER` names. */
const { RECORDING } = process.env;
if (RECORDING === undefined) throw new Error('no recording is named: npm run suites -- FOLDER');
const recording = await openRecording(resolve(RECORDING));
const { verdicts } = await judge(recording, catalogue);
const { intent } = recording.manifest;
const words = stackOf(intent).words(intent);

describe.each([...new Set(catalogue.map(({ id }) => id.split('-')[0]))])('%s', (topic) => {
  test.for(checksOf(topic ?? ''))('$id $must', ({ id, remedy }, { skip }) => {
    const found = verdicts.find((verdict) => verdict.id === id);
    if (found === undefined) return expect.fail(`${id} was not judged`);
    skip(found.verdict === 'not-exercised' || found.verdict === 'not-applicable', reasonOf(found));
    expect(
      found.verdict,
      `${reasonOf(found)}\nexpected: ${found.expected}\nobserved: ${observedOf(found)}\nremedy: ${worded(remedy, words)}`,
    ).toBe('supports');
  });
});
