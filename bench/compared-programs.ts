/** A program that reads the same capture, and the goal of the comparison. */
export interface ComparedProgram {
  readonly name: string;
  readonly argv: readonly string[];
  /** Times it is run, each between two runs of the ledger. tshark takes long enough for one. */
  readonly runs: number;
  /** Least ratio of its wall time to the ledger's: 100 is a hundred times as fast, 0.5 is within twice its time. */
  readonly goal: number;
}

const FIELDS = ['ip.src', 'ip.dst', 'esp.spi', 'esp.sequence', 'wg.type', 'tcp.port', 'udp.port'].flatMap((field) => ['-e', field]);

/** tcpdump with a filter that matches no frame: it reads the file, and prints nothing. */
export function matchesNothing(file: string): ComparedProgram {
  return { name: 'tcpdump -r FILE "udp port 1"', argv: ['tcpdump', '-nn', '-r', file, 'udp port 1'], runs: 5, goal: 0.5 };
}

/** The programs that the bench compares, for one file. */
export function comparedPrograms(file: string): ComparedProgram[] {
  return [
    { name: 'tcpdump -r FILE esp', argv: ['tcpdump', '-nn', '-r', file, 'esp'], runs: 5, goal: 0.5 },
    matchesNothing(file),
    { name: 'tshark -T fields', argv: ['tshark', '-n', '-r', file, '-T', 'fields', ...FIELDS], runs: 1, goal: 100 },
    { name: 'tshark -q -z io,phs', argv: ['tshark', '-n', '-q', '-r', file, '-z', 'io,phs'], runs: 1, goal: 100 },
  ];
}

/**
 * One line that compares the ledger's wall time with that of another program, and says whether the goal is met.
 * @param ratio wall time of the program, divided by that of the ledger
 */
export function ratioLine(program: ComparedProgram, ratio: number): string {
  const said = ratio >= 1 ? `ledger ${ratio.toFixed(2)} x as fast` : `ledger takes ${(1 / ratio).toFixed(2)} x as long`;
  return `ratio to ${program.name.padEnd(29)} ${said.padEnd(30)}${goalText(program.goal, ratio)}`;
}

function goalText(goal: number, ratio: number): string {
  const wanted = goal >= 1 ? `at least ${goal} x as fast` : `at most ${1 / goal} x as long`;
  return `goal ${wanted}: ${ratio >= goal ? 'met' : 'missed'}`;
}
