import { randomBytes } from 'node:crypto';
import { type Dialogue, startDialogue } from '../../../harness/proc/dialogue.ts';

/** Result of one command. */
export interface RemoteOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Waiting {
  readonly id: string;
  /** Random, so that no output can contain it. */
  readonly mark: string;
  readonly resolve: (outcome: RemoteOutcome) => void;
  readonly reject: (error: Error) => void;
}

/** Folder in the guest's memory for a command's process id and its errors until they are sent. */
const OUTPUTS = '/run/command';

/** Number of ended commands whose files are removed together: one `rm` for each would be slower than some commands. */
const SWEPT_TOGETHER = 32;

/**
 * One shell in the guest that runs one script after the other. A session for each command would be slower than most commands, and dropbear
 * loses sessions when many are opened and closed at once. Outputs are returned between marks, the last with the exit code, so that a cut
 * answer is detected; only `cat` is started for that, and only for errors.
 */
export class RemoteShell {
  readonly #dialogue: Dialogue;
  readonly #waiting: Waiting[] = [];
  readonly #ended: string[] = [];
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

  /** Running and queued scripts. */
  get load(): number {
    return this.#waiting.length;
  }

  /**
   * Run a script; its standard input is the text, or empty.
   * @param id names the command in the guest: letters, digits, `-`
   * @throws Error when the shell was lost: what the script did is then unknown
   */
  run(id: string, script: string, stdin: string | Uint8Array | undefined): Promise<RemoteOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) {
        reject(new Error(this.#lost));
        return;
      }
      const mark = `${id} ${randomBytes(16).toString('hex')}`;
      this.#waiting.push({ id, mark, resolve, reject });
      const swept = this.#ended.length < SWEPT_TOGETHER ? [] : this.#ended.splice(0);
      this.#dialogue.write(`${sweep(swept)}${wrapped(id, mark, script, stdin)}`);
    });
  }

  close(): void {
    this.#dialogue.close();
  }

  #take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (let whole = this.#takeOne(); whole; whole = this.#takeOne());
  }

  /** Standard output, `\n\x01<mark>\n`, standard error, `\n\x01<mark> <exit code>\n`. */
  #takeOne(): boolean {
    const next = this.#waiting[0];
    if (next === undefined) {
      if (this.#received.length > 0) this.#outOfTurn();
      return false;
    }
    const middle = this.#received.indexOf(`\n\x01${next.mark}\n`);
    if (middle < 0) return false;
    const afterMiddle = middle + next.mark.length + 3;
    const last = this.#received.indexOf(`\n\x01${next.mark} `, afterMiddle);
    const end = last < 0 ? -1 : this.#received.indexOf(0x0a, last + 1);
    if (end < 0) return false;
    const exitCode = Number(this.#received.toString('latin1', last + next.mark.length + 3, end));
    const stdout = this.#received.toString('utf8', 0, middle);
    const stderr = this.#received.toString('utf8', afterMiddle, last);
    this.#received = this.#received.subarray(end + 1);
    this.#waiting.shift();
    this.#ended.push(next.id);
    next.resolve({ exitCode, stdout, stderr });
    return true;
  }

  #outOfTurn(): void {
    this.#end(`the guest's shell answered out of turn: ${JSON.stringify(this.#received.toString('latin1', 0, 200))}`);
    this.#dialogue.close();
  }

  #end(said: string): void {
    this.#lost ??= said.trim() === '' ? 'the connection to the guest is closed' : said.trim();
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(this.#lost));
  }
}

function sweep(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  return `rm -f ${ids.flatMap((id) => [`${OUTPUTS}/${id}`, `${OUTPUTS}/${id}.err`]).join(' ')}\n`;
}

function wrapped(id: string, mark: string, script: string, stdin: string | Uint8Array | undefined): string {
  const [own, err] = [`${OUTPUTS}/${id}`, `${OUTPUTS}/${id}.err`];
  const { before, input } = standardInput(id, stdin);
  // The process id is removed at once: a late signal must not end another process.
  return `{ ${before}${script}\n} 2>${err} ${input}\nr=$?; : >${own}; printf '\\n\\001%s\\n' '${mark}'; [ ! -s ${err} ] || cat ${err}; printf '\\n\\001%s %s\\n' '${mark}' $r\n`;
}

/** A here-document has text of complete lines; anything else is sent as base64. */
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
