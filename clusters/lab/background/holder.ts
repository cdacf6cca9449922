/** Program of the process behind `wirewitness lab up`. Arguments: the number of nodes, the accelerator. */
import { EnvironmentError } from '../../../harness/model/environment-error.ts';
import { wantedAccelerator } from '../vm/accelerator.ts';
import { FAILED_PREFIX, holdLab } from './hold.ts';

const [, , nodes, accelerator] = process.argv;
try {
  await holdLab(Number(nodes), wantedAccelerator(undefined, { WIREWITNESS_ACCELERATOR: accelerator }));
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  console.log(`${FAILED_PREFIX}${error.message}`);
  process.exitCode = 4;
}
