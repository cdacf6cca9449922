/** Quote one word for a POSIX shell. */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new RangeError(`a command word cannot hold a NUL byte: ${JSON.stringify(word)}`);
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Quote a whole command line for a POSIX shell. */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

/** A command line for messages, cut to 200 characters: scripts may be long. */
export function formatArgv(argv: readonly string[]): string {
  const line = quoteArgv(argv).replaceAll('\n', ' ');
  return line.length > 200 ? `${line.slice(0, 197)}...` : line;
}
