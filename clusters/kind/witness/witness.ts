import { waitFor } from '../../../harness/kube/wait.ts';
import type { CommandResult, Shell } from '../../../harness/model/shell.ts';
import { runOrThrow } from '../../../harness/proc/run.ts';
import { KindError } from '../cluster/kind-error.ts';
import { containerShell } from '../docker/container-shell.ts';
import { CONTAINER_LABEL } from '../names.ts';

/** A container of the witness image in a network namespace, for servers, captures and configuration there. */
export interface Witness {
  readonly shell: Shell;
  /** Its addresses in the network that it joins; none where it shares those of others. */
  readonly addresses: readonly string[];
  /** Remove it at once. */
  remove(): Promise<void>;
}

export interface WitnessOptions {
  readonly image: string;
  /** Name of the shell, and in the servers' answers. */
  readonly name: string;
  readonly cluster: string;
  /** A container whose network namespace it shares, a Docker network that it joins with addresses of its own, or `host`. */
  readonly network: { readonly container: string } | { readonly joins: string } | 'host';
}

const START_MS = 60_000;

/**
 * Start a witness: privileged, because it changes the node's routes and sysctls as an agent does. On the host's network it only captures,
 * and with addresses of its own it only asks. Its label finds it again even if this process is killed.
 */
export async function startWitness({ image, name, cluster, network }: WitnessOptions): Promise<Witness> {
  const serves = network !== 'host' && 'container' in network;
  // Captures are written to /tmp: a disk that etcd syncs often blocks tcpdump for seconds, and the kernel drops frames.
  const options = ['--detach', '--privileged', '--network', modeOf(network), '--tmpfs', '/tmp:rw', '--env', `WITNESS_NAME=${name}`];
  const command = serves ? [] : ['sleep', 'infinity'];
  const started = await docker(['run', ...options, '--label', `${CONTAINER_LABEL}=${cluster}`, image, ...command]);
  const id = started.stdout.trim();
  const remove = async () => {
    await docker(['rm', '--force', '--volumes', id]);
  };
  try {
    if (serves) await untilServing(id, name);
    const addresses = network !== 'host' && 'joins' in network ? await addressesOf(id) : [];
    return { shell: containerShell(id, name), addresses, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Until its servers say that they listen. @throws KindError when it ended before */
function untilServing(id: string, name: string): Promise<true> {
  return waitFor({
    what: `the servers of the witness beside ${name}`,
    limitMs: START_MS,
    look: async () => {
      const { stdout, stderr } = await docker(['logs', id]);
      if (stdout.startsWith('serving tcp')) return { done: true };
      const state = (await docker(['inspect', '--format', '{{.State.Status}}', id])).stdout.trim();
      if (state === 'exited' || state === 'dead') throw new KindError(`the witness beside ${name} ended: ${stderr.trim().slice(-300)}`);
      return { missing: `the container is ${state}` };
    },
  });
}

function docker(argv: readonly string[]): Promise<CommandResult> {
  return runOrThrow(['docker', ...argv], { place: 'docker', timeoutMs: START_MS });
}

function modeOf(network: WitnessOptions['network']): string {
  if (network === 'host') return network;
  return 'container' in network ? `container:${network.container}` : network.joins;
}

async function addressesOf(id: string): Promise<string[]> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}} {{end}}';
  return (await docker(['inspect', '--format', format, id])).stdout.trim().split(/\s+/);
}
