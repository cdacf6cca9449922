import { Argument, type Command, Option } from 'commander';
import { TARGETS } from '../run/target-name.ts';
import { COMPLETION_EXAMPLES, COMPLETION_SHELLS, completionScript } from './completion.ts';

/** The commands that prepare a run: `init`, `completion`, `doctor`. */
export function addSetup(root: Command): void {
  ofCluster(
    root
      .command('init')
      .description('write a commented wirewitness.yaml; for an existing cluster with the values that doctor finds there')
      .addOption(new Option('--target <name>', 'for what').choices(TARGETS).default('existing')),
  )
    .option('--out <file>', 'the file; an existing one is not replaced (default: wirewitness.yaml)')
    .action(async (flags) => {
      const { initCommand } = await import('./init-command.ts');
      process.exitCode = await initCommand(flags);
    });
  root
    .command('completion')
    .description('print a script that completes commands, flags and their values')
    .addArgument(new Argument('<shell>', 'for which shell').choices(COMPLETION_SHELLS))
    .addHelpText('after', COMPLETION_EXAMPLES)
    .action((shell) => {
      process.stdout.write(completionScript(root, shell));
    });
  ofCluster(
    root
      .command('doctor')
      .description('what is missing for a target, and the command that fixes it')
      .addOption(new Option('--target <name>', 'for what').choices(TARGETS).default('lab')),
  )
    .option('--disruptive <list>', 'existing: what the run will change: rotation, agent-restart')
    .option('--json', 'print as JSON')
    .action(async (flags) => {
      const { doctorCommand } = await import('./doctor-command.ts');
      process.exitCode = await doctorCommand(flags);
    });
}

/** Which existing cluster, and the options that a run needs for it. */
function ofCluster(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'existing: default: the one that kubectl uses')
    .option('--context <name>', 'existing: a context of the kubeconfig')
    .option('--namespace <name>', 'existing: where a run creates its pods')
    .option('--cilium-namespace <name>', 'existing: namespace of the agents (default: kube-system)')
    .option('--witness-image <image>', 'existing: image of capture and demo pods');
}
