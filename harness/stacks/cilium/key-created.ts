import { parseBoundedYaml } from '../../decode/bounded-yaml.ts';
import type { Decoded } from '../../decode/decoded.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** When the Secret was created (`kubectl get secret -o yaml`), and nothing else of it; `unknown` where it does not say. */
export function describeKeyCreated(yaml: string): string {
  const [secret] = parseBoundedYaml(yaml) as [{ metadata?: { creationTimestamp?: unknown } } | null];
  const created = secret?.metadata?.creationTimestamp;
  const text = created instanceof Date ? created.toISOString().replace(/\.\d+Z$/, 'Z') : String(created);
  return `${TIME.test(text) ? text : 'unknown'}\n`;
}

/** The time that {@link describeKeyCreated} stored; no item for any other text. */
export function decodeKeyCreated(text: string): Decoded<string> {
  const time = text.trim();
  return { items: TIME.test(time) && !Number.isNaN(Date.parse(time)) ? [time] : [], unparsed: [] };
}
