import { createInterface } from 'node:readline/promises';

/** Ask a person for a yes; undefined where nobody sits at the terminal. */
export function asker(): (() => Promise<boolean>) | undefined {
  if (!process.stdin.isTTY) return undefined;
  return async () => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(es)?$/i.test((await terminal.question('Create this? [y/N] ')).trim());
    } finally {
      terminal.close();
    }
  };
}
