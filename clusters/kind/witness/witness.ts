import { EnvironmentError } from '../../../harness/model/environment-error.ts';
import type { Shell } from '../../../harness/model/shell.ts';
import { runOrThrow } from '../../../harness/proc/run.ts';
import { containerShell } from '../docker/container-shell.ts';
import { CONTAINER_LABEL } from '../names.ts';

/** A container of the witness image in a network namespace, for servers, captures and configuration there. */
export interface Witness {
  readonly shell: Shell;
  /** Remove it at once. */
  remove(): Promise<void>;
}

export interface WitnessOptions {
  readonly image: string;
  /** Name of the shell, and in the servers' answers. */
  readonly name: string;
  readonly cluster: string;
  /** A container whose network namespace it shares, or `host`. */
  readonly network: { readonly container: string } | 'host';
}

const START_MS = 60_000;

/**
 * Start a witness: privileged, because it changes the node's routes and sysctls as an agent does. On the host's network it only captures.
 * Its label finds it again even if this process is killed: no reaper container is needed.
 */
export async function startWitness({ image, name, cluster, network }: WitnessOptions): Promise<Witness> {
  // No port is published, so the engine's own address is never used; to find it, testcontainers would need a default bridge, which an
  // engine may not have.
  process.env.TESTCONTAINERS_HOST_OVERRIDE ??= 'localhost';
  // Loaded here: it takes a quarter of a second.
  const { GenericContainer, Wait } = await import('testcontainers').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new EnvironmentError(`${name}: kind needs the package testcontainers, which is not installed: npm install testcontainers`);
  });
  const tap = network === 'host';
  const container = new GenericContainer(image)
    .withNetworkMode(tap ? 'host' : `container:${network.container}`)
    .withPrivilegedMode()
    .withLabels({ [CONTAINER_LABEL]: cluster })
    .withEnvironment({ WITNESS_NAME: name })
    // Captures are written there: a disk that etcd syncs often blocks tcpdump for seconds, and the kernel drops frames.
    .withTmpFs({ '/tmp': 'rw' })
    .withAutoCleanup(false)
    .withStartupTimeout(START_MS);
  if (tap) container.withCommand(['sleep', 'infinity']).withWaitStrategy(Wait.forSuccessfulCommand('true'));
  else container.withWaitStrategy(Wait.forLogMessage(/^serving tcp/));
  const started = await container.start();
  const id = started.getId();
  return {
    shell: containerShell(id, name),
    remove: async () => {
      await runOrThrow(['docker', 'rm', '--force', '--volumes', id], { place: 'docker', timeoutMs: START_MS });
    },
  };
}
