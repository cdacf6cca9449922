import { expect, test } from 'vitest';
import { describeRedaction, recorderRedactions, redactionLog } from './redaction-log.ts';

const search = { control: { planted: 91, found: 91 }, files: 1, bytes: 1, unmarked: 0, patterns: [], findings: [] } as const;
const log = (knownWindows: number | null) =>
  redactionLog({
    tool: '0.0.0',
    fullCaptures: true,
    captures: [],
    leftOut: [],
    keys: [],
    withheld: [],
    repetition: { same: ['A'], differing: [] },
    search: { ...search, knownWindows },
  });

test.each([
  [null, 'the recording has no marks of its keys'],
  [0, 'the recorder read no key of this cluster'],
  [4, 'the keys that the recorder read and shapes'],
])('with %s marks the pack claims no more than was looked for', (windows, words) => {
  expect(describeRedaction(log(windows)).at(-1)).toContain(words);
});

test('an output that was withheld is named', async () => {
  const command = { stdout: 'a.txt', stderr: 'a.err' } as never;
  const texts: Record<string, string> = {
    'a.txt': '',
    'a.err': '\nwirewitness: the output was withheld: its keys could not be redacted (Error)\n',
  };
  expect(await recorderRedactions({ commands: [command] }, async (path) => texts[path] ?? '')).toEqual({ keys: [], withheld: ['a.txt'] });
});
