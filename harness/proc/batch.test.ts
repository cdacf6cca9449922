import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchArgv, batchResults } from './batch.ts';
import { run } from './run.ts';

const ID = 'ww-0123456789abcdef';

test('any output, of any commands, comes back as it was', async () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', '\n', ' ', '\u0001', "'", '$', '\\') }),
    fc.constantFrom('\n\u0001ww-fedcba9876543210 0 0', '\n', ''),
  );
  const command = fc.record({ out: text, err: text, code: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 4 }), async (commands) => {
      const argvs = commands.map(({ out, err, code }) => [
        'sh',
        '-c',
        'printf %s "$1"; printf %s "$2" >&2; exit $3',
        'sh',
        out,
        err,
        String(code),
      ]);
      const results = batchResults(ID, argvs, await run(batchArgv(ID, argvs, 20)));
      expect(results).toEqual(commands.map(({ out, err, code }, i) => ({ argv: argvs[i], exitCode: code, stdout: out, stderr: err })));
    }),
    { numRuns: 25 },
  );
});

test('an output that was cut gives no answer from there on, and those before it stand', async () => {
  const argvs = [['echo', 'one'], ['echo', 'two'], ['true']];
  const { stdout, stderr } = await run(batchArgv(ID, argvs, 20));
  const first = stdout.indexOf('two');
  expect(batchResults(ID, argvs, { stdout: stdout.slice(0, first), stderr }).map((result) => result?.stdout ?? null)).toEqual([
    'one\n',
    null,
    null,
  ]);
  expect(batchResults(ID, argvs, { stdout, stderr: '' })).toEqual([null, null, null]);
});
