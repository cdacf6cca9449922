import { type Command, Option } from 'commander';
import { CLIENTS_OUTSIDE } from '../../clusters/existing/names.ts';
import { targetsPrefix } from '../run/target-flags.ts';

const ENVIRONMENTS = ['ephemeral-test', 'pre-production', 'production-readonly'];

/** An option; its help text begins with the targets that have it. */
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
    .addOption(targetOption('--kubeconfig <file>', 'default: the one that kubectl uses'))
    .addOption(targetOption('--observe-only', 'create nothing, only read'))
    .addOption(targetOption('--yes', 'create what the plan lists without asking; the claim must then be given by flags or a file'))
    .addOption(targetOption('--witness-image <image>', 'image of witnesses and demo pods (kind builds it from clusters/kind/witness)'))
    .addOption(targetOption('--for <time>', 'with --scenario observe: how long to watch changes made by others (default: 10m)'))
    .addOption(targetOption('--watch <time>', 'as --for, up to 168h: ciphertext is counted every minute, and what is not is kept'))
    .addOption(
      targetOption('--alert-url <url>', 'with --watch: a webhook that is told of the first readable frame and the first open minute'),
    )
    .addOption(targetOption('--disruptive <list>', 'change this in the cluster: rotation, agent-restart; never in production'))
    .addOption(
      targetOption('--inject-inbound <context>', 'send one readable packet between two of the pods, in the cluster of this context alone'),
    )
    .addOption(
      targetOption('--client-outside <where>', 'drive requests from outside the cluster too: local, from this machine').choices(
        CLIENTS_OUTSIDE,
      ),
    )
    .addOption(targetOption('--environment <class>', 'what the cluster is').choices(ENVIRONMENTS))
    .addOption(targetOption('--namespace <name>', 'create the pods in this namespace, which is kept, instead of a new one'))
    .addOption(targetOption('--node-selector <labels>', 'only nodes with these labels, key=value,…'))
    .addOption(targetOption('--cilium-namespace <name>', 'namespace of the agents (default: kube-system)'))
    .optionsGroup('kind:')
    .addOption(targetOption('--datapath <name>', 'what encrypts').choices(['cilium', 'reference']))
    .addOption(targetOption('--cilium-version <version>', 'the release to install, for instance 1.16.2'))
    .addOption(targetOption('--upgrade-to <version>', 'the release that --scenario upgrade installs'))
    .addOption(targetOption('--cilium-values <file>', 'further Helm values, for instance of a mirror; those of the claim win'))
    .addOption(targetOption('--kind-image <image>', "the node image (default: kind's own)"))
    .addOption(targetOption('--keep', 'keep the cluster at the end'));
}

const PLAN = 'what is claimed of which nodes, as `digest RECORDING` prints it';
const COLLECTION_KEY = 'file with the 64 hex digits that all workers and the collector share';

/** Commands about runs on clusters: compare two runs, clean up after interrupted ones, run as a Job. */
export function addClusters(root: Command): void {
  root
    .command('diff <baseline> <current>')
    .description('compare two reports, for instance before and after an upgrade')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing is worse, 1 something is worse, 2 something that was proven before is no longer proven, 3 wrong usage.',
    )
    .action(async (baseline, current, flags) => {
      const { diffCommand } = await import('./diff-command.ts');
      process.exitCode = await diffCommand(baseline, current, flags);
    });
  root
    .command('cleanup')
    .description('remove what interrupted runs left: objects in a cluster by their label, kind clusters by their name')
    .addOption(new Option('--target <name>', 'where').choices(['kind', 'existing']).makeOptionMandatory())
    .option('--kubeconfig <file>', 'existing: default: the one that kubectl uses')
    .option('--context <name>', 'existing: a context of the kubeconfig')
    .option('--run <id>', 'existing: only objects of this run')
    .option('--namespace <name>', 'existing: search only this namespace')
    .action(async (flags) => {
      const { cleanupCommand } = await import('./cleanup-command.ts');
      process.exitCode = await cleanupCommand(flags);
    });
  root
    .command('worker')
    .description(
      'in a cluster: count the frames of the node it runs on by class, and print the ledger, and the digest of its kernel, as one line',
    )
    .option('--node <name>', 'the node (default: NODE_NAME)')
    .option('--interface <name>', 'the interface to capture on', 'eth0')
    .option('--seconds <number>', 'how long to capture', '30')
    .option('--filter <expression>', 'only these frames (pcap filter)')
    .option('--plan <file>', PLAN)
    .option('--key <file>', COLLECTION_KEY)
    .action(async (flags) => {
      const { workerCommand } = await import('./worker-command.ts');
      process.exitCode = await workerCommand(flags);
    });
  root
    .command('collect [digest...]')
    .description(
      'merge the ledgers and digests that the workers of an Indexed Job printed, or digests in files; a node without one is inconclusive',
    )
    .option('--job <name>', 'the job')
    .option('--plan <file>', PLAN)
    .option('--key <file>', COLLECTION_KEY)
    .option('--namespace <name>', 'its namespace', 'wirewitness')
    .option('--timeout <seconds>', 'how long to wait for the Job', '600')
    .option('--kubeconfig <file>', 'default: the one that kubectl uses')
    .option('--context <name>', 'a context of the kubeconfig')
    .action(async (files, flags) => {
      const { collectCommand } = await import('./worker-command.ts');
      process.exitCode = await collectCommand(files, flags);
    });
  root
    .command('digest <recording>')
    .description('the digest of one node of a recording, for collect; without --node the plan of the recording, for workers')
    .option('--node <name>', 'the node')
    .option('--key <file>', COLLECTION_KEY)
    .action(async (folder, flags) => {
      const { digestCommand } = await import('./worker-command.ts');
      process.exitCode = await digestCommand(folder, flags);
    });
}
