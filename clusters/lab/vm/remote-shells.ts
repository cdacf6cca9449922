import { type RemoteOutcome, RemoteShell } from './remote-shell.ts';

/** Most shells of one place: more do not help on the guest's single processor. */
const MOST = 8;

/** The shells that a lab's commands share: each command goes to the one with the least load. */
export class RemoteShells {
  readonly #argv: readonly string[];
  readonly #shells: RemoteShell[] = [];
  #control: RemoteShell | undefined;

  /** @param argv starts a POSIX shell in the guest */
  constructor(argv: readonly string[]) {
    this.#argv = argv;
  }

  run(id: string, script: string, stdin?: string | Uint8Array): Promise<RemoteOutcome> {
    let shell = this.#shells.find(({ load }) => load === 0);
    if (shell === undefined && this.#shells.length < MOST) {
      shell = new RemoteShell(this.#argv);
      this.#shells.push(shell);
    }
    shell ??= this.#shells.reduce((least, other) => (other.load < least.load ? other : least));
    return shell.run(id, script, stdin);
  }

  /** As run, on a separate shell: never queued after the command that it must end. */
  control(id: string, script: string): Promise<RemoteOutcome> {
    this.#control ??= new RemoteShell(this.#argv);
    return this.#control.run(id, script, undefined);
  }

  close(): void {
    for (const shell of [...this.#shells, ...(this.#control === undefined ? [] : [this.#control])]) shell.close();
  }
}
