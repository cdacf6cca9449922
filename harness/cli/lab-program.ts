import { type Command, Option } from 'commander';
import { ACCELERATOR_CHOICES, ACCELERATOR_VARIABLE } from '../../clusters/lab/vm/accelerator.ts';

/** The commands of `lab`. */
export function addLab(root: Command): void {
  const lab = root.command('lab').description('the embedded lab, interactive').enablePositionalOptions();
  lab
    .command('up')
    .description('bring a lab up and leave it running')
    .option('--nodes <number>', 'nodes, 2 to 9', '3')
    .addOption(acceleratorOption())
    .action(async ({ nodes, ...flags }) => {
      const { labUpCommand } = await import('./lab-command.ts');
      process.exitCode = await labUpCommand({ nodes: Number(nodes), ...flags });
    });
  lab
    .command('shell <node> [command...]')
    .description('a shell in a node (node1 …), a pod (namespace/name) or `wire`')
    .passThroughOptions()
    .action(async (node, command) => {
      const { labShellCommand } = await import('./lab-command.ts');
      process.exitCode = await labShellCommand(node, command);
    });
  lab
    .command('status')
    .description('what runs')
    .option('--json', 'print as JSON')
    .action(async (flags) => {
      const { labStatusCommand } = await import('./lab-command.ts');
      process.exitCode = await labStatusCommand(flags);
    });
  lab
    .command('down')
    .description('stop the lab and remove its files')
    .action(async () => {
      const { labDownCommand } = await import('./lab-command.ts');
      process.exitCode = await labDownCommand();
    });
}

/** `--accelerator`, of every command that boots the lab. */
export function acceleratorOption(): Option {
  const text = `what executes the guest; auto boots it under kvm or hvf if that works, else under tcg (default: $${ACCELERATOR_VARIABLE}, else auto)`;
  return new Option('--accelerator <name>', text).choices(ACCELERATOR_CHOICES);
}
