import type { PodDescription } from '../../../harness/model/cluster.ts';
import type { DatapathContext } from '../context.ts';
import type { PodKeeper } from '../course.ts';
import { setPodMtu } from '../lay.ts';
import { plansOf, reconfigure } from './reconfigure.ts';

/** Add a pod: it can send at once; then the nodes learn its address. */
export async function addPod(
  context: DatapathContext,
  wanted: Parameters<PodKeeper['add']>[0],
  started: (pod: PodDescription) => Promise<void>,
): Promise<PodDescription> {
  const pod = await keeperOf(context).add(wanted);
  const close = await context.course.beforePodIsKnown?.(pod);
  await started(pod);
  const before = plansOf(context);
  context.pods = [...context.pods, pod];
  await reconfigure(context, before, plansOf(context), `pod ${pod.name} comes`);
  await setPodMtu(context, [pod.node]);
  await close?.();
  return pod;
}

/** The nodes remove the pod's state while it still sends; then it is deleted. */
export async function deletePod(context: DatapathContext, name: string): Promise<void> {
  const pod = context.pods.find((candidate) => nameOf(candidate) === name);
  if (pod === undefined) throw new RangeError(`there is no pod ${name}`);
  const close = await context.course.beforePodIsForgotten?.(pod);
  const before = plansOf(context);
  context.pods = context.pods.filter((other) => nameOf(other) !== name);
  await reconfigure(context, before, plansOf(context), `pod ${name} goes`);
  await keeperOf(context).remove(name);
  await close?.();
}

function keeperOf({ options }: DatapathContext): PodKeeper {
  if (options.podKeeper === undefined) throw new RangeError('pods cannot be added or deleted here');
  return options.podKeeper;
}

function nameOf(pod: PodDescription): string {
  return `${pod.namespace}/${pod.name}`;
}
