import { describe, expect, test } from 'vitest';
import { localShell } from './local-shell.ts';
import { run } from './run.ts';
import { shellContract } from './shell-contract.ts';

describe('local shell', () => {
  for (const { title, verify } of shellContract) test(title, () => verify(localShell()));

  test('a program that does not exist rejects and is named', async () => {
    await expect(localShell().run(['ww-no-such-program'])).rejects.toThrow(/could not start `ww-no-such-program`/);
  });

  test('the limit holds although a grandchild in another session keeps the pipe open', async () => {
    const before = performance.now();
    await expect(run(['sh', '-c', 'setsid sleep 4 & sleep 30'], { timeoutMs: 200 })).rejects.toThrow(/limit of 200 ms/);
    expect(performance.now() - before).toBeLessThan(3500);
  });
});
