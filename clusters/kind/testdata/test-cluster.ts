import { run } from '../../../harness/proc/run.ts';
import { WITNESS_IMAGE } from '../../demo/names.ts';

/** Names the node image for kind's tests; needed without access to a registry. */
const IMAGE_VARIABLE = 'WIREWITNESS_KIND_IMAGE';

/** How kind's tests can run here, or why they cannot. */
export interface TestCluster {
  /** Empty when they can. */
  readonly missing: string;
  readonly image: string | undefined;
}

/** Look for Docker, kind, the node image and the witness image. */
export async function testCluster(): Promise<TestCluster> {
  const image = process.env[IMAGE_VARIABLE];
  const problem = async (argv: readonly string[], otherwise: string): Promise<string> => {
    const result = await run(argv, { timeoutMs: 30_000 }).catch((error: Error) => error);
    return result instanceof Error || result.exitCode !== 0 ? otherwise : '';
  };
  const found = [
    await problem(['docker', 'version'], 'no Docker engine answers'),
    await problem(['kind', 'version'], 'kind is not on the PATH'),
    await problem(
      ['docker', 'image', 'inspect', WITNESS_IMAGE],
      `image ${WITNESS_IMAGE} is missing: docker build -t ${WITNESS_IMAGE} clusters/kind/witness`,
    ),
    image === undefined
      ? `${IMAGE_VARIABLE} names no node image`
      : await problem(['docker', 'image', 'inspect', image], `image ${image} is missing`),
  ];
  return { missing: found.find((why) => why !== '') ?? '', image };
}
