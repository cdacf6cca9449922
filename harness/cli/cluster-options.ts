import { type Command, Option } from 'commander';
import { targetsPrefix } from '../run/target-flags.ts';

const ENVIRONMENTS = ['ephemeral-test', 'pre-production', 'production-readonly'];

/** An option whose help begins with the targets it is for. */
export function ofTarget(option: Option): Option {
  option.description = `${targetsPrefix(option.attributeName())}${option.description}`;
  return option;
}

export function targetOption(flags: string, description: string): Option {
  return ofTarget(new Option(flags, description));
}

/** Options of `run` and `record` for clusters outside the lab. */
export function clusterOptions(command: Command): Command {
  return command
    .optionsGroup('An existing cluster:')
    .addOption(targetOption('--context <name>', 'a context of the kubeconfig'))
    .addOption(targetOption('--kubeconfig <file>', 'as kubectl finds it when absent'))
    .addOption(targetOption('--observe-only', 'create nothing, only read'))
    .addOption(targetOption('--yes', 'create what the plan says without asking; the claim must then be said'))
    .addOption(targetOption('--witness-image <image>', 'image of witnesses and demo pods (kind builds it from clusters/kind/witness)'))
    .addOption(targetOption('--for <time>', 'with --scenario observe: how long what others change is watched (default: 10m)'))
    .addOption(targetOption('--disruptive <list>', 'change this in it: rotation, agent-restart; never in production'))
    .addOption(targetOption('--environment <class>', 'what the cluster is').choices(ENVIRONMENTS))
    .addOption(targetOption('--namespace <name>', 'create in this namespace, which stays, instead of one of its own'))
    .addOption(targetOption('--node-selector <labels>', 'only nodes with these labels, key=value,…'))
    .addOption(targetOption('--cilium-namespace <name>', 'namespace of the agents (default: kube-system)'))
    .optionsGroup('kind:')
    .addOption(targetOption('--datapath <name>', 'what encrypts').choices(['cilium', 'reference']))
    .addOption(targetOption('--cilium-version <version>', 'the release to install, for instance 1.16.2'))
    .addOption(targetOption('--upgrade-to <version>', 'the release that --scenario upgrade goes to'))
    .addOption(targetOption('--kind-image <image>', "the node image (default: kind's own)"))
    .addOption(targetOption('--keep', 'leave the cluster up at the end'));
}

/** Commands about runs on clusters: what changed between two, and what interrupted ones left. */
export function addClusters(root: Command): void {
  root
    .command('diff <baseline> <current>')
    .description('compare two reports, for instance before and after an upgrade')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing was lost, 1 something is worse, 2 something that was shown is no longer shown, 3 wrong usage.',
    )
    .action(async (baseline, current, flags) => {
      const { diffCommand } = await import('./diff-command.ts');
      process.exitCode = await diffCommand(baseline, current, flags);
    });
  root
    .command('cleanup')
    .description('remove what interrupted runs left: objects in a cluster by their label, kind clusters by their name')
    .addOption(new Option('--target <name>', 'where').choices(['kind', 'existing']).makeOptionMandatory())
    .option('--kubeconfig <file>', 'existing: as kubectl finds it when absent')
    .option('--context <name>', 'existing: a context of the kubeconfig')
    .option('--run <id>', 'existing: only of this run')
    .option('--namespace <name>', 'existing: look only there')
    .action(async (flags) => {
      const { cleanupCommand } = await import('./cleanup-command.ts');
      process.exitCode = await cleanupCommand(flags);
    });
  root
    .command('worker')
    .description('in a cluster: account for the frames of the node it runs on, and print the ledger as one line')
    .option('--node <name>', 'the node (default: NODE_NAME)')
    .option('--interface <name>', 'where to capture', 'eth0')
    .option('--seconds <number>', 'for how long', '30')
    .option('--filter <expression>', 'only these frames (pcap filter)')
    .action(async (flags) => {
      const { workerCommand } = await import('./worker-command.ts');
      process.exitCode = await workerCommand(flags);
    });
  root
    .command('collect')
    .description('merge the ledgers that the workers of an Indexed Job printed; a node without one is inconclusive')
    .requiredOption('--job <name>', 'the job')
    .option('--namespace <name>', 'its namespace', 'wirewitness')
    .option('--timeout <seconds>', 'how long it may take to end', '600')
    .option('--kubeconfig <file>', 'as kubectl finds it when absent')
    .option('--context <name>', 'a context of the kubeconfig')
    .action(async (flags) => {
      const { collectCommand } = await import('./worker-command.ts');
      process.exitCode = await collectCommand(flags);
    });
}
