import type { Cluster } from '../../../../harness/model/cluster.ts';
import type { CommandResult, Shell } from '../../../../harness/model/shell.ts';

/** How a shell changes a result before it returns it. */
export type Alteration = (result: CommandResult) => CommandResult | Promise<CommandResult>;

/** A shell with altered results of short commands; everything else is that of the real one. */
export function alteredShell(shell: Shell, alter: Alteration): Shell {
  return {
    name: shell.name,
    run: async (argv, options) => alter(await shell.run(argv, options)),
    start: (argv, options) => shell.start(argv, options),
    fetch: (remote, local) => shell.fetch(remote, local),
  };
}

/** The cluster with some shells replaced; everything else is that of the real one. */
export function withShells(
  cluster: Cluster,
  shells: {
    readonly host?: (node: string, real: Shell) => Shell;
    readonly agent?: (node: string, real: Shell) => Shell;
    readonly wire?: (real: Shell) => Shell;
    readonly api?: (real: Shell) => Shell;
  },
): Cluster {
  const { host, agent, wire, api } = shells;
  return {
    ...cluster,
    host: (node) => (host === undefined ? cluster.host(node) : host(node, cluster.host(node))),
    agent: (node) => (agent === undefined ? cluster.agent(node) : agent(node, cluster.agent(node))),
    wire: cluster.wire === undefined || wire === undefined ? cluster.wire : { ...cluster.wire, shell: wire(cluster.wire.shell) },
    api: cluster.api === undefined || api === undefined ? cluster.api : api(cluster.api),
    // A spread would not copy it if a class has it on its prototype.
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}
