import { Command, Option } from 'commander';
import { WIREGUARD_ROTATIONS } from '../../clusters/datapath/course.ts';
import { STACKS } from '../model/intent.ts';
import { MODES, ROUTINGS } from '../model/mode.ts';
import { SCENARIOS } from '../model/scenario.ts';
import { EXIT, EXIT_MEANINGS } from '../run/exit-codes.ts';
import { TARGETS } from '../run/target-name.ts';
import { toolVersion } from '../run/tool-version.ts';
import { addClusters, clusterOptions, ofTarget, targetOption } from './cluster-options.ts';
import { DEBUG_FLAG } from './debug-flag.ts';
import { acceleratorOption, addLab } from './lab-program.ts';
import { addPack, historyOptions, packOptions, SIGNING_KEY } from './pack-program.ts';
import { REPORT_FORMATS } from './report-formats.ts';
import { addSelftest } from './selftest-program.ts';
import { addSetup } from './setup-program.ts';

/** Listed here too: importing the decoders only for the help text would make every command start slower. */
export const DECODE_KINDS = [
  'xfrm-state',
  'xfrm-policy',
  'xfrm-stat',
  'ip-rule',
  'ip-route',
  'wg',
  'cilium-status',
  'encrypt-status',
  'cilium-config',
  'cilium-node',
  'key-secret',
];

const WAIVERS = 'exceptions with owner, reason and expiry, shown in every output; they change no verdict';
const ADVISORIES = 'check the run against further published advisories, one YAML file each; may be repeated';
const BASELINE = 'an earlier report.json: the page shows what changed since';
const ACCEPT_WAIVERS = 'exit 0 if each red check has a waiver in force';

const EXIT_CODES = `
Exit codes: ${Object.entries(EXIT_MEANINGS)
  .map(([name, meaning]) => `${EXIT[name as keyof typeof EXIT]} ${meaning}`)
  .join(', ')}.`;

const RUN_EXAMPLES = `
Examples:
  wirewitness run                                                    both modes in the lab
  wirewitness run --mode ipsec --scenario rotation                   a key rotation under load
  wirewitness run --target existing --mode wireguard --profile 1.18 --routing vxlan
  wirewitness run --target kind --mode ipsec --datapath cilium --cilium-version 1.18.3
`;

/** The command line. Each command's code is loaded when it is run, so that help and small commands start quickly. */
export function program(): Command {
  const root = new Command('wirewitness')
    .description(
      'Proves what is encrypted between the nodes of a Kubernetes cluster that runs Cilium transparent encryption, and what is not.',
    )
    .version(toolVersion())
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError('(wirewitness --help lists the commands)')
    .addHelpText(
      'after',
      `
Examples:
  wirewitness run --target lab                     IPsec, then WireGuard, proven in the embedded lab
  wirewitness run --mode ipsec --profile 1.18      only IPsec, set up as Cilium 1.18 does
  wirewitness run --mode ipsec --fault L01         encryption claimed but off: must end with exit code 1
  wirewitness assess wirewitness-out/ipsec --out again
  wirewitness ledger capture.pcap --pod-cidr 10.0.0.0/8
  ip xfrm state | wirewitness decode xfrm-state - --json
${EXIT_CODES}`,
    );
  addRun(root);
  addJudging(root);
  addReading(root);
  addSetup(root);
  addPack(root);
  addLab(root);
  addClusters(root);
  addSelftest(root);
  for (const name of ['run', 'record', 'assess', 'report']) addOutputFlags(root, name);
  addDebug(root);
  return root;
}

/** How much a command prints: on standard error while it works, on standard output at the end. */
function addOutputFlags(root: Command, name: string): void {
  const command = root.commands.find((one) => one.name() === name);
  if (name !== 'report') command?.option('--quiet', 'no progress, only the result and errors');
  if (name !== 'record') command?.option('--verbose', 'print every fact of red checks');
}

/** `--debug` for every command. */
function addDebug(command: Command): void {
  command.option(DEBUG_FLAG, 'print the stack of an error');
  for (const each of command.commands) addDebug(each);
}

function addRun(root: Command): void {
  for (const name of ['run', 'record'] as const) {
    const command = root
      .command(name)
      .description(
        name === 'run'
          ? 'start a cluster, record, judge, write the reports, remove the cluster'
          : 'start a cluster, record, remove it; judge later with assess',
      )
      .optionsGroup('Where to run, and the scenario:')
      .addOption(new Option('--target <name>', 'where to run (default: lab)').choices(TARGETS))
      .option('--out <folder>', 'folder for recordings and reports; must not contain a recording (default: wirewitness-out)')
      .option('--config <file>', 'the intent from a file; flags override it (default: wirewitness.yaml if it exists)')
      .addOption(new Option('--scenario <name>', 'what is done while recording (default: steady)').choices(SCENARIOS))
      .option(
        '--partners <number>',
        'drive a sample: of each node so many partners in each direction (default: all up to 12 nodes, above 3)',
      )
      .option('--sample <seed/round>', 'drive the sample of an earlier run again (default: the next round of the history, else a new seed)')
      .optionsGroup('What is claimed:')
      .addOption(new Option('--mode <mode>', 'default: ipsec, then wireguard').choices(MODES))
      .addOption(new Option('--stack <name>', 'whose encryption it is (default: cilium)').choices(STACKS))
      .option('--profile <version>', 'version whose layout is claimed: of Cilium, for instance 1.16 or 1.18.3; of a mesh, mesh or flannel')
      .addOption(new Option('--routing <routing>', 'how pod packets travel').choices(ROUTINGS))
      .option('--node-encryption', 'node encryption is claimed (WireGuard)')
      .option('--families <list>', 'IP families that are claimed, each judged by itself: ipv4, or ipv4,ipv6 (default: ipv4)');
    command
      .optionsGroup('Keys:')
      .option(
        '--fingerprint-key <file>',
        'secret (hexadecimal, 64 digits) under which history and fleet compare the keys of several runs (default: they are not compared)',
      );
    clusterOptions(command)
      .optionsGroup('The lab:')
      .addOption(targetOption('--nodes <number>', 'nodes, 2 to 9 (default 3)'))
      .addOption(targetOption('--fault <id>', 'inject a fault of the catalogue, for instance L01'))
      .addOption(ofTarget(acceleratorOption()))
      .addOption(targetOption('--key-id <number>', 'IPsec key id at the start, 1 to 15 (default 3)'))
      .addOption(targetOption('--key-grace <seconds>', 'how long both IPsec keys are in use in a rotation (default 5)'))
      .addOption(targetOption('--wireguard-rotation <what>', 'what a rotation changes with WireGuard').choices(WIREGUARD_ROTATIONS));
    if (name === 'run')
      historyOptions(packOptions(command.optionsGroup('Evidence pack:').option('--pack', 'write each mode as one signed file (see pack)')))
        .option('--json', 'print the verdicts as JSON at the end')
        .option('--controls <file>', 'check the evidence against a further framework of controls; may be repeated', collect, [])
        .option('--advisories <folder>', ADVISORIES, collect, [])
        .option('--waivers <file>', WAIVERS)
        .option('--accept-waivers', ACCEPT_WAIVERS)
        .option('--baseline <file>', BASELINE);
    command
      .optionsGroup('Options:')
      .addHelpText('after', `${RUN_EXAMPLES}${EXIT_CODES}`)
      .action(async (flags) => {
        const { runCommand } = await import('./run-command.ts');
        process.exitCode = await runCommand(flags, { judge: name === 'run' });
      });
  }
}

function addJudging(root: Command): void {
  historyOptions(root.command('assess <folder>').description('judge a recording again, without the cluster'))
    .option('--key <file>', SIGNING_KEY)
    .option('--out <folder>', 'write the reports to this folder (default: FOLDER; never into a recording)')
    .option('--controls <file>', 'check the evidence against a further framework of controls; may be repeated', collect, [])
    .option('--advisories <folder>', ADVISORIES, collect, [])
    .option('--waivers <file>', WAIVERS)
    .option('--accept-waivers', ACCEPT_WAIVERS)
    .option('--baseline <file>', BASELINE)
    .option('--config <file>', 'the declared scope from a file (default: wirewitness.yaml if it exists)')
    .option('--json', 'print the verdicts as JSON')
    .addHelpText('after', EXIT_CODES)
    .action(async (folder, flags) => {
      const { assessCommand } = await import('./assess-command.ts');
      process.exitCode = await assessCommand(folder, flags);
    });
  root
    .command('report <folder>')
    .description('show the report of a judged recording')
    .addOption(new Option('--format <format>', 'what to print').choices(REPORT_FORMATS).default('console'))
    .option('--out <file>', 'write to this file; required for a PDF')
    .option('--waivers <file>', WAIVERS)
    .option('--full', 'a PDF with the tables of frameworks, flows and frames too')
    .action(async (folder, flags) => {
      const { reportCommand } = await import('./report-command.ts');
      process.exitCode = await reportCommand(folder, flags);
    });
  root
    .command('explain <id>')
    .description('print one check or fault in full: what it demands, what it reads, what turns it red, what to do then')
    .action(async (id) => {
      const { explainCommand } = await import('./explain-command.ts');
      process.exitCode = explainCommand(id);
    });
  root
    .command('advisories')
    .description('list published leaks and weaknesses: all, or those of a version and a configuration')
    .option('--version <release>', 'of the stack, for instance 1.16.2')
    .option('--kernel <release>', 'of Linux, for instance 5.4.0')
    .addOption(new Option('--stack <name>', 'whose version it is (default: cilium)').choices(STACKS))
    .addOption(new Option('--mode <mode>', 'which encryption is on').choices(MODES))
    .addOption(new Option('--routing <routing>', 'how pod packets travel').choices(ROUTINGS))
    .option('--families <list>', 'IP families in use: ipv4, or ipv4,ipv6')
    .option('--node-encryption', 'node encryption is on')
    .option('--advisories <folder>', 'further advisories, one YAML file each; may be repeated', collect, [])
    .option('--config <file>', 'folders of further advisories from a file (default: wirewitness.yaml if it exists)')
    .option('--json', 'print as JSON')
    .action(async (flags) => {
      const { advisoriesCommand } = await import('./advisories-command.ts');
      process.exitCode = await advisoriesCommand(flags);
    });
  root
    .command('checks')
    .description('list the checks, what each one reads and what must turn it red')
    .option('--json', 'print as JSON')
    .action(async (flags) => {
      const { checksCommand } = await import('./checks-command.ts');
      process.exitCode = checksCommand(flags);
    });
}

function addReading(root: Command): void {
  root
    .command('ledger <file>')
    .description('count every frame of a capture by class (pcap or pcapng; - for standard input)')
    .option('--json', 'print as JSON')
    .option('--pod-cidr <cidr>', 'pod addresses; may be repeated', collect, [])
    .option('--node-ip <address>', 'node addresses; may be repeated', collect, [])
    .action(async (file, flags) => {
      const { ledgerCommand } = await import('./ledger-command.ts');
      process.exitCode = await ledgerCommand(file, flags);
    });
  root
    .command('decode')
    .description('decode output of the kernel or an agent; lines that cannot be decoded are listed, keys are never printed')
    .argument('<kind>', `one of ${DECODE_KINDS.join(', ')}`)
    .argument('[file]', 'default or -: standard input')
    .option('--json', 'print as JSON')
    .action(async (kind, file, flags) => {
      const { decodeCommand } = await import('./decode-command.ts');
      process.exitCode = await decodeCommand(kind, file, flags);
    });
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
