import type { Cluster } from '../../../../harness/model/cluster.ts';
import type { RunningCommand, Shell } from '../../../../harness/model/shell.ts';
import type { DatapathContext } from '../../context.ts';
import { cell } from '../cells.ts';
import type { DatapathFault } from '../fault.ts';
import { anyPair } from '../on-first-node.ts';
import { withShells } from './false-answers.ts';

/** Changes to one tcpdump of the judged phase. `file` is its capture on the remote side. */
interface Interference {
  /** The command line that is run instead. */
  argv?(argv: readonly string[]): readonly string[];
  /** Before the closing beacon: the beacon's command names the file too. */
  beforeEnd?(shell: Shell, file: string): Promise<void>;
  /** After its opening beacon was sent. */
  afterStart?(shell: Shell, file: string): Promise<void>;
  /** After it has ended, before its file is fetched. */
  beforeFetch?(shell: Shell, file: string): Promise<void>;
}

/** A shell that disturbs the captures it starts while encryption is on, but not those of the un-encrypted phase. */
function interfering(real: Shell, encrypted: () => boolean, interference: Interference): Shell {
  const victims = new Map<string, number>();
  return {
    name: real.name,
    start: async (argv, options): Promise<RunningCommand> => {
      const file = argv[argv.indexOf('-w') + 1];
      if (argv[0] !== 'tcpdump' || file === undefined || !encrypted()) return real.start(argv, options);
      victims.set(file, 0);
      return real.start(interference.argv?.(argv) ?? argv, options);
    },
    run: async (argv, options) => {
      const touched = [...victims.keys()].filter((file) => argv[0] === 'perl' && argv.includes(file));
      for (const file of touched) if (victims.get(file) === 1) await interference.beforeEnd?.(real, file);
      const result = await real.run(argv, options);
      for (const file of touched) {
        const beacons = (victims.get(file) ?? 0) + 1;
        victims.set(file, beacons);
        if (beacons === 1) await interference.afterStart?.(real, file);
      }
      return result;
    },
    fetch: async (remote, local) => {
      if (victims.has(remote)) await interference.beforeFetch?.(real, remote);
      return real.fetch(remote, local);
    },
  };
}

/** Send a signal to the tcpdump that writes a file, found by its argument list. @param file a part of that list, as grep reads it */
export async function signalCapture(shell: Shell, name: string, file: string): Promise<void> {
  const script = `for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -q "^tcpdump .*$1" && kill -$2 "\${p#/proc/}"; done; :`;
  const result = await shell.run(['sh', '-c', script, 'sh', file, name]);
  if (result.exitCode !== 0) throw new Error(`${shell.name}: the capture ${file} could not be sent ${name}: ${result.stderr}`);
}

/** The same command line with another value after an option. */
const withOption = (argv: readonly string[], option: string, value: string) =>
  argv.map((word, index) => (argv[index - 1] === option ? value : word));

/** Checks that need only the wire capture: without a complete one nothing is proven. */
const ON_THE_TAP = 'WIR-01 WIR-02 WIR-03 WIR-10 WIR-11 WIR-12 WIR-13';
const ON_THE_TAP_IPSEC = `${ON_THE_TAP} WIR-05 WIR-06 WIR-07 WIR-09 XFR-09`;
const ON_THE_TAP_WIREGUARD = `${ON_THE_TAP} WIR-08 WGD-06`;

const onTheTap = (id: string, what: string, why: string, interference: Interference): DatapathFault => ({
  id,
  what,
  like: 'F31',
  when: 'false-answers',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, `WIR-04 ${ON_THE_TAP_IPSEC}`), cell({ mode: 'wireguard' }, `WIR-04 ${ON_THE_TAP_WIREGUARD}`)],
  why,
  inject: async () => undefined,
  withFalseAnswers: (context: DatapathContext, cluster: Cluster) =>
    withShells(cluster, { wire: (real) => interfering(real, () => context.laid !== 'none', interference) }),
});

export const CAPTURE_KILLED = onTheTap(
  'L31a',
  'the capture on the tap is killed before its end',
  'no closing counters, no closing beacon: what came after is not known',
  { beforeEnd: (shell, file) => signalCapture(shell, 'KILL', file) },
);

export const CAPTURE_DROPS = onTheTap(
  'L31c',
  'the capture on the tap stands still while traffic flows, with a small buffer: the kernel drops',
  'both beacons are there, and the closing counters show the drops',
  {
    // Without blocks that stay open for a second, the buffer is full after a few frames.
    argv: (argv) => [...withOption(argv, '-B', '64'), '--immediate-mode'],
    afterStart: (shell, file) => signalCapture(shell, 'STOP', file),
    beforeEnd: (shell, file) => signalCapture(shell, 'CONT', file),
  },
);

export const CAPTURE_CUT = onTheTap(
  'L31d',
  'the capture on the tap keeps 60 bytes of each frame, though the recorder asked for all',
  'the record says whole frames, the file says otherwise: each frame that was cut counts as not encrypted',
  { argv: (argv) => withOption(argv, '-s', '60') },
);

export const CAPTURE_TRUNCATED = onTheTap(
  'L31e',
  'the capture file of the tap lost its end',
  'the file ends inside a record, and the closing counters count more frames than it holds',
  {
    beforeFetch: async (shell, file) => {
      await shell.run(['perl', '-e', 'truncate($ARGV[0], (-s $ARGV[0]) - 7) or die "$ARGV[0]: $!\\n"', '--', file]);
    },
  },
);

export const CAPTURE_ELSEWHERE: DatapathFault = {
  id: 'L31b',
  what: "the capture of the first node's uplink runs on another interface",
  like: 'F31',
  when: 'false-answers',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'WIR-04 WIR-13'), cell({ mode: 'wireguard' }, 'WIR-04 WIR-13')],
  why: 'the beacons go out of the uplink and are not in the file; the tap outside the nodes saw everything, so what rests on it stands',
  inject: async () => undefined,
  withFalseAnswers: (context, cluster) => {
    const { name, uplink } = anyPair(context, 'L31b').view.self;
    const elsewhere: Interference = {
      argv: (argv) => (argv[argv.indexOf('-i') + 1] === uplink ? withOption(argv, '-i', 'lo') : argv),
    };
    return withShells(cluster, {
      host: (node, real) => (node === name ? interfering(real, () => context.laid !== 'none', elsewhere) : real),
    });
  },
};
