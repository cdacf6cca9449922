import { fileURLToPath } from 'node:url';
import { run, runOrThrow } from '../../../harness/proc/run.ts';

/** The Dockerfile is beside this file. */
const RECIPE = fileURLToPath(new URL('.', import.meta.url));
const BUILD_MS = 600_000;
const LOAD_MS = 300_000;

/** Make sure that an image is on this machine; if not, it is built, which needs Debian's packages. */
export async function ensureWitnessImage(image: string, progress: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const found = await run(['docker', 'image', 'inspect', '--format', '{{.Id}}', image], { place: 'docker', timeoutMs: 30_000 });
  if (found.exitCode === 0) return;
  progress(`building image ${image}`);
  await runOrThrow(['docker', 'build', '--network', 'host', '--tag', image, RECIPE], {
    place: 'docker',
    timeoutMs: BUILD_MS,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Load an image into every node of a cluster, so that no registry is needed. */
export async function loadImage(image: string, cluster: string, signal?: AbortSignal): Promise<void> {
  const options = { place: 'kind', timeoutMs: LOAD_MS, ...(signal === undefined ? {} : { signal }) };
  await runOrThrow(['kind', 'load', 'docker-image', image, '--name', cluster], options);
}
