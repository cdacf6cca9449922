import { type Dialogue, startDialogue } from '../../../harness/proc/dialogue.ts';

/** What one command left behind. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Waiting {
  readonly id: string;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

/** Where a command's outputs lie until they are sent, in the guest's memory. */
const OUTPUTS = '/run/command';

/**
 * One shell in the guest that runs a script after another. A session for each command would cost more than most commands,
 * and dropbear loses sessions when many are opened and closed at once. Outputs come back counted, after a line with the
 * exit code, so that a cut answer can't pass for a whole one.
 */
export class RemoteShell {
  readonly #dialogue: Dialogue;
  readonly #waiting: Waiting[] = [];
  #received = Buffer.alloc(0);
  #lost: string | undefined;

  /** @param argv starts a POSIX shell in the guest that reads its script from standard input */
  constructor(argv: readonly string[]) {
    this.#dialogue = startDialogue(
      argv,
      (bytes) => this.#take(bytes),
      (stderr) => this.#end(stderr),
    );
  }

  /** Scripts under way or queued. */
  get load(): number {
    return this.#waiting.length;
  }

  /**
   * Run a script; its standard input is the text, or empty.
   * @param id names the command in the guest: letters, digits, `-`
   * @throws Error when the shell went away: what the script did is then unknown
   */
  run(id: string, script: string, stdin: string | Uint8Array | undefined): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) {
        reject(new Error(this.#lost));
        return;
      }
      this.#waiting.push({ id, resolve, reject });
      this.#dialogue.write(wrapped(id, script, stdin));
    });
  }

  close(): void {
    this.#dialogue.close();
  }

  #take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (let whole = this.#takeOne(); whole; whole = this.#takeOne());
  }

  /** The header line is `\x01<id> <exit code> <bytes of stdout> <bytes of stderr>`, then come the bytes. */
  #takeOne(): boolean {
    const end = this.#received.indexOf(0x0a);
    if (end < 0) return false;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the mark is a control character because no text output begins with one
    const header = /^\x01(\S+) (\d+) (\d+) (\d+)$/.exec(this.#received.toString('latin1', 0, end));
    const next = this.#waiting[0];
    if (header === null || next === undefined || header[1] !== next.id) {
      this.#end(`the guest's shell answered out of turn: ${JSON.stringify(this.#received.toString('latin1', 0, Math.min(end, 200)))}`);
      this.#dialogue.close();
      return false;
    }
    const [exitCode, out, err] = header.slice(2).map(Number) as [number, number, number];
    const start = end + 1;
    if (this.#received.length < start + out + err) return false;
    const stdout = this.#received.toString('utf8', start, start + out);
    const stderr = this.#received.toString('utf8', start + out, start + out + err);
    this.#received = this.#received.subarray(start + out + err);
    this.#waiting.shift();
    next.resolve({ exitCode, stdout, stderr });
    return true;
  }

  #end(said: string): void {
    this.#lost ??= said.trim() === '' ? 'the connection to the guest is closed' : said.trim();
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(this.#lost));
  }
}

function wrapped(id: string, script: string, stdin: string | Uint8Array | undefined): string {
  const [own, out, err] = [`${OUTPUTS}/${id}`, `${OUTPUTS}/${id}.out`, `${OUTPUTS}/${id}.err`];
  const { before, input } = standardInput(id, stdin);
  return `{ ${before}${script}\n} >${out} 2>${err} ${input}\nr=$?; printf '\\001%s %s %s %s\\n' ${id} $r $(stat -c %s ${out} ${err}); cat ${out} ${err}; rm -f ${own} ${out} ${err}\n`;
}

/** A here-document holds text of whole lines; anything else travels as base64. */
function standardInput(id: string, stdin: string | Uint8Array | undefined): { readonly before: string; readonly input: string } {
  if (stdin === undefined || stdin.length === 0) return { before: '', input: '</dev/null' };
  const mark = `END-${id}`;
  if (typeof stdin === 'string' && stdin.endsWith('\n') && !stdin.includes('\0'))
    return { before: '', input: `<<'${mark}'\n${stdin}${mark}` };
  const encoded = Buffer.from(stdin as string)
    .toString('base64')
    .replace(/.{1,76}/g, '$&\n');
  return { before: 'base64 -d | ', input: `<<'${mark}'\n${encoded}${mark}` };
}
