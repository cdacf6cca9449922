import { type Command, Option } from 'commander';
import { MODES, ROUTINGS } from '../model/mode.ts';

const EXIT_CODES = `
Exit codes: 0 all as stated, 1 a miss or a false alarm, 2 a cell could not be run, 3 wrong usage, 4 the environment lacks something, 130 interrupted.`;

/** The command `selftest`. */
export function addSelftest(root: Command): void {
  root
    .command('selftest')
    .description('inject every known fault in the lab and show which checks turn red; healthy variants must stay green')
    .option('--quick', 'one cell a fault and a few healthy ones')
    .option('--fault <ids>', 'only these faults and healthy variants, separated by commas: L03,H02')
    .addOption(new Option('--mode <mode>', 'only cells of this mode').choices(MODES))
    .option('--profile <version>', 'only cells set up as this Cilium version')
    .addOption(new Option('--routing <routing>', 'only cells with this routing').choices(ROUTINGS))
    .option('--jobs <number>', 'labs at the same time', '2')
    .option('--out <folder>', 'folder for recordings and results', 'wirewitness-selftest')
    .option('--resume', 'skip the cells that an earlier run in the same folder has done')
    .addOption(
      new Option(
        '--judge-again',
        'judge the recordings of an earlier run in the same folder again, and record only missing ones',
      ).conflicts('resume'),
    )
    .option('--json', 'print the results as JSON')
    .option('--publish', 'in a checkout: write the record of checks seen red, and after a whole matrix docs/control-matrix.md')
    .addHelpText('after', EXIT_CODES)
    .action(async (flags) => {
      const { selftestCommand } = await import('./selftest-command.ts');
      process.exitCode = await selftestCommand(flags);
    });
}
