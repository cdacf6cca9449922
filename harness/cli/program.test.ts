import { expect, test } from 'vitest';
import * as decode from './decode-command.ts';
import { DECODE_KINDS, program } from './program.ts';

const helpOf = (name: string): string => {
  const command = program().commands.find((each) => each.name() === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return command.helpInformation();
};

test('every command is there', () => {
  const names = program().commands.map((command) => command.name());
  expect(names).toEqual([
    'run',
    'record',
    'assess',
    'report',
    'explain',
    'advisories',
    'checks',
    'ledger',
    'decode',
    'init',
    'completion',
    'doctor',
    'pack',
    'verify',
    'history',
    'fleet',
    'keygen',
    'lab',
    'diff',
    'cleanup',
    'worker',
    'collect',
    'digest',
    'selftest',
  ]);
});

test('the help of decode names the kinds that there are', () => {
  expect(DECODE_KINDS).toEqual(decode.DECODER_NAMES);
  for (const kind of DECODE_KINDS) expect(helpOf('decode')).toContain(kind);
});

test('only a command that can print JSON offers it', () => {
  expect(helpOf('run')).toContain('--json');
  expect(helpOf('record')).not.toContain('--json');
});

test.each([[['run', '--mode', 'ipsce']], [['run', '--target', 'moon']], [['frobnicate']]])(
  '%j is refused before anything runs',
  async (argv) => {
    const root = program().configureOutput({ writeErr: () => undefined });
    for (const command of root.commands) command.configureOutput({ writeErr: () => undefined });
    await expect(root.parseAsync(argv, { from: 'user' })).rejects.toMatchObject({ name: 'CommanderError' });
  },
);
