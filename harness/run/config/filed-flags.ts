import type { ExistingFlags } from '../plan-existing.ts';
import type { TargetName } from '../target-name.ts';
import type { Config } from './schema.ts';

/** The content of a configuration file as the equivalent flags. */
export function filedFlags({
  target,
  context,
  kubeconfig,
  namespace,
  nodeSelector,
  ciliumNamespace,
  environment,
  image,
  nodes,
}: Config): ExistingFlags & { readonly target?: TargetName; readonly nodes?: string } {
  const selector = nodeSelector === undefined ? undefined : Object.entries(nodeSelector).map(([key, value]) => `${key}=${value}`);
  const said = {
    target,
    context,
    kubeconfig,
    namespace,
    ciliumNamespace,
    environment,
    witnessImage: image,
    nodes: nodes?.toString(),
    nodeSelector: selector?.join(','),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

/** Flags with the history of the configuration file, if they name none. */
export function withFiledHistory<Flags extends { readonly history?: string; readonly keepDays?: string }>(
  flags: Flags,
  config: Config,
): Flags {
  if (flags.history !== undefined || config.history === undefined) return flags;
  const days = flags.keepDays ?? config.keepDays?.toString();
  return { ...flags, history: config.history, ...(days === undefined ? {} : { keepDays: days }) };
}
