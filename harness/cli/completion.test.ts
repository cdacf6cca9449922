import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { findProgram } from '../proc/find-program.ts';
import { COMPLETION_SHELLS, completionScript } from './completion.ts';
import { program } from './program.ts';

/** What bash offers for a line, the cursor at its end. */
function offered(line: string): string[] {
  const words = line.split(' ');
  const script = `${completionScript(program(), 'bash')}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _wirewitness; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
}

describe('completion', () => {
  test('bash offers commands, then a command’s own flags, then the values of one', () => {
    expect(offered('wirewitness ')).toEqual(expect.arrayContaining(['run', 'assess', 'init', 'lab', 'completion']));
    expect(offered('wirewitness ru')).toEqual(['run']);
    expect(offered('wirewitness lab ')).toEqual(expect.arrayContaining(['up', 'shell', 'status', 'down']));
    expect(offered('wirewitness run --mo')).toEqual(['--mode']);
    expect(offered('wirewitness run --mode ')).toEqual(['ipsec', 'wireguard', 'tls', 'none']);
    expect(offered('wirewitness report out --format s')).toEqual(['sarif']);
    expect(offered('wirewitness run --target existing --con')).toEqual(expect.arrayContaining(['--context']));
    expect(offered('wirewitness lab up --no')).toEqual(['--nodes']);
  });

  test.each(COMPLETION_SHELLS)('%s knows every command and every flag of run', (shell) => {
    const script = completionScript(program(), shell);
    const run = program().commands.find((command) => command.name() === 'run');
    for (const command of program().commands) expect(script).toContain(command.name());
    for (const { long } of run?.options ?? []) expect(script, long ?? '').toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
  });

  test.for(COMPLETION_SHELLS)('%s takes the script', (shell, { skip }) => {
    if (findProgram(shell) === undefined) return skip(`${shell} is not on the PATH`);
    execFileSync(shell, ['-n'], { input: completionScript(program(), shell) });
  });
});
