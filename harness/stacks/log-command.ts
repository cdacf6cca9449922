/** Seconds of a log that are read, and bytes at most: an agent of Cilium 1.18.3 writes 0.1 MB in its first minutes. */
const [LOG_SECONDS, LOG_BYTES] = [600, 4_194_304];

/** Whose log. */
export interface LogPlace {
  readonly namespace: string;
  /** Label selector of the pods. */
  readonly selector: string;
  readonly node: string;
  readonly container: string;
}

/** The command of a collector for the log of the pod that a DaemonSet has on a node. */
export function logCommand({ namespace, selector, node, container }: LogPlace): readonly string[] {
  const which = [`--selector=${selector}`, `--field-selector=spec.nodeName=${node}`, `--container=${container}`];
  return ['kubectl', '-n', namespace, 'logs', ...which, `--since=${LOG_SECONDS}s`, `--limit-bytes=${LOG_BYTES}`];
}
