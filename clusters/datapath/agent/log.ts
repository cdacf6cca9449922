import type { DatapathContext } from '../context.ts';

/** The log of a node's agent, in the form of 1.18.3: its usual lines, and the lines that a fault adds. */
export function logText(context: DatapathContext, node: string): string {
  const { profile, logged } = context;
  const said = [{ level: 'info', message: `Cilium ${profile.version} stand-in of ${node}` }, ...(logged.get(node) ?? [])];
  return said.map(({ level, message }) => `time=${new Date().toISOString()} level=${level} msg=${JSON.stringify(message)}\n`).join('');
}
