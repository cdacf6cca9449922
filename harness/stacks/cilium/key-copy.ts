import { parseBoundedYaml } from '../../decode/bounded-yaml.ts';
import type { Decoded } from '../../decode/decoded.ts';
import { KEY_COPIES, type KeyCopy } from '../agent-items.ts';

/** The annotation where `kubectl apply` stores its last input, with the data of a Secret. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * One word about the annotation of `kubectl apply` (`kubectl get secret -o yaml`), nothing of its text. An annotation that cannot be read
 * counts as one with the data.
 */
export function describeKeyCopy(yaml: string): string {
  const [secret] = parseBoundedYaml(yaml) as [{ metadata?: { annotations?: Record<string, unknown> } } | null];
  return `${copyIn(secret?.metadata?.annotations?.[LAST_APPLIED])}\n`;
}

function copyIn(annotation: unknown): KeyCopy {
  if (annotation === undefined) return 'absent';
  try {
    const { data, stringData } = JSON.parse(String(annotation)) as { readonly data?: object; readonly stringData?: object };
    const values = [...Object.values(data ?? {}), ...Object.values(stringData ?? {})];
    return values.some((value) => value !== '') ? 'holds-data' : 'without-data';
  } catch {
    return 'holds-data'; // What cannot be read may contain the data.
  }
}

/** The word that {@link describeKeyCopy} stored; no item for any other text. */
export function decodeKeyCopy(text: string): Decoded<KeyCopy> {
  return { items: KEY_COPIES.filter((word) => word === text.trim()), unparsed: [] };
}
