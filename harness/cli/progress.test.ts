import { afterEach, expect, test, vi } from 'vitest';
import { progressLines, Steps } from './progress.ts';

afterEach(() => vi.restoreAllMocks());

test('steps are counted, and the time of one is told from the one before', () => {
  const said: string[] = [];
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const steps = new Steps(3, (line) => said.push(line));
  steps.next('opening the recording', 5);
  now = 4000;
  steps.next('judging', 5);
  now = 5000;
  steps.next('writing');
  expect(said).toEqual(['step 1 of 3: opening the recording', 'step 2 of 3, about 20 s: judging', 'step 3 of 3: writing']);
});

test('quiet tells nothing', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  progressLines({ quiet: true })('a line');
  expect(write).not.toHaveBeenCalled();
  progressLines({})('a line');
  expect(write).toHaveBeenCalledWith(expect.stringMatching(/^ +\d+\.\d s {2}a line\n$/));
});
